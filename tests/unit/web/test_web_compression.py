"""What is large goes over the wire compressed, where the browser takes it; streams do not."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import sign_in

GZIP = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("path", ["/cases", "/api/v1/sections", "/api/v1/openapi.json"])
def test_pages_and_documents_are_compressed(client: FlaskClient, path: str) -> None:
    assert sign_in(client) == 303
    plain, packed = client.get(path), client.get(path, headers=GZIP)
    assert packed.status_code == plain.status_code == 200
    if len(plain.data) > 1000:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert abs(len(gzip.decompress(packed.data)) - len(plain.data)) < 200
        assert len(packed.data) < len(plain.data) / 2
    else:
        assert "Content-Encoding" not in packed.headers


def test_a_style_sheet_is_compressed_and_kept(client: FlaskClient) -> None:
    packed = client.get("/static/css/base.css?v=1", headers={"Accept-Encoding": "zstd, br"})
    assert packed.headers["Content-Encoding"] in ("zstd", "br")
    assert "immutable" in packed.headers["Cache-Control"]
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_who_takes_nothing_compressed_gets_it_plain(client: FlaskClient) -> None:
    assert sign_in(client) == 303
    assert "Content-Encoding" not in client.get("/cases").headers

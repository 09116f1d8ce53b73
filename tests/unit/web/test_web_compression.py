"""What is large goes over the wire compressed, where the browser takes it; streams do not."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, sign_in

from services.web import packed_files

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


def test_a_large_file_goes_out_as_it_was_packed_when_it_was_built(
    web: tuple[APIFlask, Answers], client: FlaskClient, tmp_path: Path
) -> None:
    app = web[0]
    app.static_folder = str(tmp_path)
    packed_files.install(app)
    words = b"a { color: red }" * 100
    (tmp_path / "large.css").write_bytes(words)
    (tmp_path / "large.css.br").write_bytes(brotli.compress(words))
    packed = client.get("/static/large.css?v=1", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.data) == words
    assert packed.mimetype == "text/css"
    assert "immutable" in packed.headers["Cache-Control"]
    plain = client.get("/static/large.css?v=1", headers={"Accept-Encoding": "identity"})
    assert plain.data == words and "Content-Encoding" not in plain.headers
    assert all("Accept-Encoding" in one.headers["Vary"] for one in (plain, packed))
    assert client.get("/static/none.css", headers={"Accept-Encoding": "br"}).status_code == 404
    tag = packed.headers["ETag"]
    again = {"Accept-Encoding": "br", "If-None-Match": tag}
    assert client.get("/static/large.css", headers=again).status_code == 304

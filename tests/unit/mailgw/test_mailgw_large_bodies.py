"""A mail is read alike, whether its large files are kept from the parser or not (M11)."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mailgw.incoming import large_bodies
from services.mailgw.incoming import parse as module
from services.mailgw.incoming.large_bodies import set_aside
from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.parts import content_of, filename_of, leaves

CORPORA = sorted((Path(__file__).parents[2] / "corpora").rglob("*.eml"))
FILE = base64.encodebytes(bytes(range(256)) * 300)


def seen(raw: bytes, large_bytes: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """Name and bytes of every part, with bodies from this size on kept from the parser."""
    with monkeypatch.context() as patched:
        patched.setattr(module, "LARGE_BYTES", 0)
        patched.setattr(module, "set_aside", lambda raw: set_aside(raw, large_bytes))
        message = module.read_message(raw)
    parts = [(filename_of(part, number), content_of(part)) for number, part, _ in leaves(message)]
    return [*parts, ("", message.as_bytes() if large_bytes > len(raw) else b"")][:-1]


@pytest.mark.parametrize("path", CORPORA, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_M11_every_mail_of_the_corpus_is_read_alike(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = path.read_bytes()
    assert seen(raw, 1, monkeypatch) == seen(raw, 10**9, monkeypatch)


PIECES = st.sampled_from(
    [
        b"Content-Type: multipart/mixed; boundary=b\n",
        b"Content-Type: application/pdf; name=x.pdf\n",
        b"Content-Type: text/plain\n",
        b"Content-Type: message/rfc822\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: quoted-printable\n",
        *(b"\n", b"\r\n", b"\n\n", b"--b\n", b"\n--b--\n", b"--\n", b"=\n", b"AA==\n", b"QQ=\n"),
        *(b"Hello there\n", b"SGVsbG8gdGhlcmU=\n", b"SGVsbG8gdGhlcm\n", FILE[:200]),
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=25))
def test_M11_whatever_stands_where_it_is_read_alike(pieces: list[bytes]) -> None:
    raw = b"From: a@b.example\n" + b"".join(pieces)
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert seen(raw, 1, monkeypatch) == seen(raw, 10**9, monkeypatch)


def test_M11_a_large_file_is_kept_from_the_parser_and_nothing_else() -> None:
    raw = (
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b\n"
        b"Content-Type: application/pdf; name=x.pdf\nContent-Transfer-Encoding: base64\n\n"
        + FILE
        + b"\n--b\nContent-Type: text/plain\n\n"
        + b"Hello again, and again. " * 5000
        + b"\n--b--\n"
    )
    small, bodies = set_aside(raw)
    assert len(bodies) == 1 and len(small) < len(raw) - len(FILE) + 100
    (attachment,) = parse(raw).attachments
    assert attachment.content == bytes(range(256)) * 300
    assert attachment.filename == "x.pdf"


def test_M11_a_file_that_was_cut_gives_what_is_there() -> None:
    raw = (
        b"From: a@b.example\nContent-Type: application/pdf; name=x.pdf\n"
        b"Content-Transfer-Encoding: base64\n\n" + FILE.rstrip()[:-3]
    )
    (attachment,) = parse(raw).attachments
    assert attachment.content[:70_000] == (bytes(range(256)) * 300)[:70_000]
    assert len(raw) > large_bodies.LARGE_BYTES

"""M11: a large mail is read in portions, and comes out as if it were read at one go."""

from __future__ import annotations

import pytest

from services.mailgw.incoming import parse as module
from services.mailgw.incoming.parse import parse

MAIL = (
    b"From: =?utf-8?q?J=C3=BCrgen?= <juergen@blue.example>\r\nSubject: Gr\xc3\xbc\xc3\x9fe\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"Gr\xc3\xbc\xc3\x9fe\r\n\rund\nTsch\xc3\xbc\xc3\x9f\r\n"
    b"--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-Disposition: attachment; filename=a.pdf\r\n\r\nJVBERi0xLjQK\r\n--b--\r\n"
)


@pytest.mark.parametrize("portion", [1, 2, 3, 7, 64, 100])
def test_it_does_not_matter_where_the_portions_end(
    portion: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = parse(MAIL)
    monkeypatch.setattr(module, "PORTION_BYTES", portion)
    in_portions = parse(MAIL)
    assert dict(in_portions.headers) == dict(whole.headers)
    assert (in_portions.text, in_portions.subject) == (whole.text, whole.subject)
    assert in_portions.attachments == whole.attachments
    assert whole.attachments[0].content == b"%PDF-1.4\n"

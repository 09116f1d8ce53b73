"""Handing out a mail as it came: always as a download, never as something a browser would run."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from services.web.attachments import OCTETS
from services.web.wiring import wired


def mail_download(mail_id: str) -> Response:
    """The mail as a file, handed on piece by piece. Raises NotFound."""
    mail = wired().mailgw.mails.get(mail_id)
    pieces = wired().mailgw.mails.content(mail_id)
    first = next(pieces, b"")  # what it raises is still answered in words

    def rest() -> Iterator[bytes]:
        yield first
        yield from pieces

    response = Response(rest(), mimetype=OCTETS)
    response.content_length = mail.size_bytes
    response.headers.set("Content-Disposition", "attachment", filename=f"{mail.id}.eml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

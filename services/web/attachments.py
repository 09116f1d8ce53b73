"""Handing out attachments: always as a download, never as something a browser would run."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from flask import Response

from services.contracts.errors import NotFound
from services.runtime.file_store import FileMissing, FileStoreError
from services.web.clients.mailgw import File
from services.web.wiring import Wiring

# Shown inside a mail when it refers to them; nothing of these can carry a script.
OCTETS = "application/octet-stream"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def download(wiring: Wiring, number: int, message: int, index: int) -> Response:
    """The bytes of attachment `index` (from 0) of a message. Raises NotFound, FileStoreError."""
    case = wiring.cases.get(number)
    entry = next((one for one in case.messages if one.number == message), None)
    if entry is None or index >= len(entry.attachments):
        raise NotFound("attachment", f"{index} on message {message} of case {number}")
    return as_download(wiring, entry.attachments[index])


def as_download(wiring: Wiring, attachment: Mapping[str, Any]) -> Response:
    """The bytes of an attachment, given by the fields that a message keeps of it.

    Raises NotFound, FileStoreError.
    """
    file = _file(wiring, attachment)
    claimed = file.content_type.lower()
    response = Response(file.content, mimetype=claimed if claimed in PICTURES else OCTETS)
    response.headers.set("Content-Disposition", "attachment", filename=safe_name(file.filename))
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _file(wiring: Wiring, attachment: Mapping[str, Any]) -> File:
    """By its hash from the file store; what the store does not have, from the mail it came by."""
    sha256, mail_id = attachment.get("sha256"), attachment.get("mail_id")
    if not sha256:
        return wiring.mailgw.attachment(mail_id or "", attachment["part"])
    try:
        content = wiring.files.get(sha256)
    except FileStoreError as error:
        if mail_id:
            return wiring.mailgw.attachment(mail_id, attachment["part"])
        if isinstance(error, FileMissing):
            raise NotFound("file", sha256) from error
        raise
    return File(attachment["filename"], attachment["content_type"], content)


def safe_name(claimed: str) -> str:
    """A name for the file on the reader's disk: no path, nothing invisible, not hidden."""
    visible = "".join(c for c in claimed if unicodedata.category(c)[0] != "C")
    name = visible.replace("/", "_").replace("\\", "_").strip().lstrip(".")
    return name[-150:] or "attachment"

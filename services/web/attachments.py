"""Handing out attachments: as a download, or to look at what no browser would run."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Literal

from flask import Response

from services.contracts.errors import NotFound
from services.runtime.file_store import FileMissing, FileStoreError
from services.web.clients.mailgw import File
from services.web.wiring import Wiring

# Shown inside a mail when it refers to them; nothing of these can carry a script.
OCTETS = "application/octet-stream"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
# Shown as the plain text that they are, whatever marks stand in them.
TEXTS = frozenset({"text/plain", "text/csv", "text/markdown", "text/x-log", "application/json"})
PDF = "application/pdf"
PDF_BEGINS = b"%PDF-"  # ISO 32000-1 §7.5.2
LONGEST_TEXT = 2 * 1024 * 1024
LARGEST_THUMBNAIL = 8 * 1024 * 1024
# A document behind this runs no script, has no origin of ours and fetches nothing.
CAGED = "default-src 'none'; frame-ancestors 'none'; sandbox"
# Chromium's viewer shows no PDF in a sandbox (crbug.com/413851): it is one itself, in a process
# of its own, and styles the page that it makes around the document.
PDF_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)
Look = Literal["picture", "page", ""]


def download(wiring: Wiring, number: int, message: int, index: int) -> Response:
    """The bytes of attachment `index` (from 0) of a message. Raises NotFound, FileStoreError."""
    return _as_download(_found(wiring, number, message, index))


def look(wiring: Wiring, number: int, message: int, index: int) -> Response:
    """The same, to be looked at in the browser; what is not safe there stays a download."""
    file = _found(wiring, number, message, index)
    claimed = file.content_type.lower()
    response, policy = None, CAGED
    if claimed in PICTURES:
        response = Response(file.content, mimetype=claimed)
    elif claimed in TEXTS and len(file.content) <= LONGEST_TEXT:
        response = Response(_text(file.content), content_type="text/plain; charset=utf-8")
    elif claimed == PDF and file.content.startswith(PDF_BEGINS):
        response, policy = Response(file.content, mimetype=PDF), PDF_POLICY
    if response is None:
        return _as_download(file)
    response.headers.set("Content-Disposition", "inline", filename=safe_name(file.filename))
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def look_of(attachment: Mapping[str, Any]) -> Look:
    """How an attachment can be looked at: as a picture on the page, or on a page of its own."""
    claimed, size = str(attachment.get("content_type", "")).lower(), attachment["size_bytes"]
    if claimed in PICTURES:
        return "picture" if size <= LARGEST_THUMBNAIL else "page"
    return "page" if claimed == PDF or (claimed in TEXTS and size <= LONGEST_TEXT) else ""


def _found(wiring: Wiring, number: int, message: int, index: int) -> File:
    case = wiring.cases.get(number)
    entry = next((one for one in case.messages if one.number == message), None)
    if entry is None or index >= len(entry.attachments):
        raise NotFound("attachment", f"{index} on message {message} of case {number}")
    return _file(wiring, entry.attachments[index])


def as_download(wiring: Wiring, attachment: Mapping[str, Any]) -> Response:
    """The bytes of an attachment, given by the fields that a message keeps of it.

    Raises NotFound, FileStoreError.
    """
    return _as_download(_file(wiring, attachment))


def _as_download(file: File) -> Response:
    claimed = file.content_type.lower()
    response = Response(file.content, mimetype=claimed if claimed in PICTURES else OCTETS)
    response.headers.set("Content-Disposition", "attachment", filename=safe_name(file.filename))
    response.headers["Content-Security-Policy"] = CAGED
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


def _text(content: bytes) -> bytes:
    """In UTF-8; what is not that already is read as Latin-1, which takes any bytes."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1").encode()
    return content


def safe_name(claimed: str) -> str:
    """A name for the file on the reader's disk: no path, nothing invisible, not hidden."""
    visible = "".join(c for c in claimed if unicodedata.category(c)[0] != "C")
    name = visible.replace("/", "_").replace("\\", "_").strip().lstrip(".")
    return name[-150:] or "attachment"

"""The attachments of an outgoing mail, taken from the raw mails they came in by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.contracts.mail import Attachment
from services.mailgw.incoming.parse import read_message
from services.mailgw.incoming.parts import charset_of, content_of, leaves

_CONTENT_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")
_CHARSET = re.compile(r"[A-Za-z0-9_.:+-]{1,40}")
BYTES_OF_ANY_KIND = "application/octet-stream"


@dataclass(frozen=True)
class File:
    """An attachment with its bytes; `charset` as its sender named it, or empty."""

    filename: str
    content_type: str
    content: bytes
    charset: str = ""


def fitting(
    attachments: Iterable[Attachment], most_bytes: int
) -> tuple[list[Attachment], list[Attachment]]:
    """Those that can be sent together, and those left out; the small come first."""
    taken: list[Attachment] = []
    left: list[Attachment] = []
    room = most_bytes
    for one in sorted(attachments, key=lambda a: a.size_bytes):
        if one.size_bytes <= room:
            room -= one.size_bytes
            taken.append(one)
        else:
            left.append(one)
    return taken, left


def file_of(attachment: Attachment, content: bytes, charset: str = "") -> File:
    """The attachment with its bytes, as it may stand in a mail of ours."""
    named = charset or attachment.charset
    return File(
        attachment.filename,
        _content_type(attachment.content_type),
        content,
        named if _CHARSET.fullmatch(named) else "",
    )


def extract(raw: bytes, wanted: Sequence[Attachment]) -> dict[Attachment, File]:
    """These attachments of a raw mail; one that is not there is left out."""
    parts = {number: part for number, part, _ in leaves(read_message(raw))}
    return {
        one: file_of(one, content_of(parts[one.part]), charset_of(parts[one.part]))
        for one in wanted
        if one.part in parts
    }


def _content_type(claimed: str) -> str:
    """The type as claimed where it may stand on bytes: a mail or a multipart has to be parsed."""
    kind = claimed.lower()
    if not _CONTENT_TYPE.fullmatch(kind) or kind.startswith(("message/", "multipart/")):
        return BYTES_OF_ANY_KIND
    return kind

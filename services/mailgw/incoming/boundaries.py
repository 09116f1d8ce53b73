"""Multiparts that do not fall into parts, because their boundary is missing or another one."""

from __future__ import annotations

import re
from email.message import Message

MOST_CHARACTERS = 1_000_000
# A delimiter is known by the header of a part below it (RFC 2046 §5.1.1).
_DELIMITER = re.compile(
    r"^--(\S[^\r\n]{0,200}?)[ \t]*\r?\nContent-[A-Za-z-]{1,40}[ \t]*:", re.MULTILINE
)
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<body|<div|<p\b|<table)", re.IGNORECASE)


def boundary_found(message: Message) -> str | None:
    """The boundary that its text shows, of a multipart that did not fall into parts by its own."""
    payload = message.get_payload()
    if message.get_content_maintype() != "multipart" or not isinstance(payload, str):
        return None
    found = _DELIMITER.search(payload[:MOST_CHARACTERS])
    return found[1] if found else None


def type_of_the_undivided(part: Message) -> str:
    """What a multipart that stayed whole is to be read as: its text is all there is."""
    payload = part.get_payload()
    begins = payload[:1000] if isinstance(payload, str) else ""
    return "text/html" if _HTML.match(begins) else "text/plain"

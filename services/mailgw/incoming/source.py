"""A mail's source as text that is safe to look at."""

from __future__ import annotations

import re
import unicodedata

from services.contracts.mail_lists import MailSource

MOST_BYTES = 200_000
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_KEPT = "\n\t"


def source_of(raw: bytes, size: int) -> MailSource:
    """Headers and body of `raw`, the first bytes of a mail of `size` bytes.

    What is no UTF-8, what controls a screen, and what turns the direction of writing is shown
    by its code.
    """
    end = _END_OF_HEADERS.search(raw)
    headers, body = (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    return MailSource(headers=_text(headers), body=_text(body), cut=size > len(raw))


def _text(content: bytes) -> str:
    text = content.decode("utf-8", "backslashreplace").replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in _KEPT or unicodedata.category(character)[0] != "C":
        return character
    return ascii(character)[1:-1]

"""The groups of fields in the part of a report that programs read (RFC 3464 §2.1, RFC 6533 §4)."""

from __future__ import annotations

import base64
import binascii
import quopri
from collections.abc import Iterator, Mapping
from contextlib import suppress
from email.message import Message
from email.parser import HeaderParser

from services.mailgw.incoming.headers import decode_words, read_headers

MOST_CHARACTERS = 100_000
Fields = Mapping[str, str]


def status_fields(part: Message) -> list[Fields]:
    """The fields of each group by lower-case name, decoded; about the mail, then each recipient.

    Python's parser takes a message/delivery-status apart, and takes every other kind for a mail
    whose body are the groups behind the first; what is encoded it takes for either. So all is
    put together again, decoded, and taken apart here.
    """
    text = "".join(_text_of(part))[:MOST_CHARACTERS]
    taken_apart = isinstance(part.get_payload(), list)
    encoding = str(part.get("content-transfer-encoding", "")) if taken_apart else ""
    text = _decoded(text, encoding)
    blocks = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    return [_fields(block) for block in blocks if block.strip()]


def _text_of(part: Message) -> Iterator[str]:
    payload = part.get_payload()
    if not isinstance(payload, list):
        content = part.get_payload(decode=True)
        yield content.decode("utf-8", "surrogateescape") if isinstance(content, bytes) else ""
        return
    for block in payload:
        if isinstance(block, Message):
            yield "".join(f"{name}: {value}\n" for name, value in block.raw_items())
            yield "\n"
            yield from _text_of(block)
            yield "\n"


def _decoded(text: str, encoding: str) -> str:
    raw = text.encode("utf-8", "surrogateescape")
    match encoding.strip().lower():
        case "base64":
            with suppress(binascii.Error):  # it was not encoded, whatever it says
                raw = base64.b64decode(b"".join(raw.split()) + b"===")
        case "quoted-printable":
            raw = quopri.decodestring(raw)
    return raw.decode("utf-8", "replace")


def _fields(block: str) -> Fields:
    headers = read_headers(HeaderParser().parsestr(block.lstrip("\n")))
    return {name: decode_words(values[0]) for name, values in headers.items()}

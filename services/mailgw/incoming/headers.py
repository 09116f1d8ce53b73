"""Reading headers, RFC 2047 abuse included."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from email.message import Message
from types import MappingProxyType

from services.mailgw.incoming import charset

MOST_HEADER_CHARACTERS = 2_000_000
MOST_VALUE_CHARACTERS = 1_000_000
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,490}>")  # longer ones fit in no column of ours


def read_headers(message: Message) -> Mapping[str, tuple[str, ...]]:
    """Every value of each header by lower-case name, unfolded, not yet decoded by RFC 2047."""
    found: dict[str, list[str]] = {}
    room = MOST_HEADER_CHARACTERS
    for name, value in message.raw_items():
        text = unfold(value)[: min(MOST_VALUE_CHARACTERS, max(room, 0))]
        room -= len(text)
        found.setdefault(charset.clean(name).lower(), []).append(text)
    return MappingProxyType({name: tuple(values) for name, values in found.items()})


def unfold(value: object) -> str:
    """A raw value on one line; bytes beyond ASCII are read as UTF-8 or guessed."""
    text = _FOLD.sub(" ", str(value))
    if not text.isascii():
        text = charset.decode(text.encode("utf-8", "surrogateescape"), None)
    return charset.clean(text).strip()


def decode_words(value: str) -> str:
    """A value with its encoded words (RFC 2047) decoded; what is broken stays as it stands.

    Neighbouring words of one charset are joined before decoding: senders cut in the
    middle of a character.
    """
    if "=?" not in value:
        return value
    output: list[str] = []
    waiting, waiting_charset, position = b"", "", 0
    for word in _WORD.finditer(value):
        content = _word_bytes(word[2], word[3])
        if content is None:
            continue
        between = value[position : word.start()]
        name = word[1].partition("*")[0].lower()  # RFC 2231 §5: a language may follow
        if between.strip() or name != waiting_charset:
            output.append(charset.decode(waiting, waiting_charset) if waiting else "")
            output.append(between if between.strip() or not waiting else "")
            waiting = b""
        waiting, waiting_charset = waiting + content, name
        position = word.end()
    output.append(charset.decode(waiting, waiting_charset) if waiting else "")
    output.append(value[position:])
    return _FOLD.sub(" ", charset.clean("".join(output)))


def message_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """The Message-IDs in these header values, brackets kept, each once, in order."""
    found = (match[0] for value in values for match in _MESSAGE_ID.finditer(value))
    return tuple(dict.fromkeys(found))


def _word_bytes(encoding: str, text: str) -> bytes | None:
    raw = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return None

"""Large files in base64 are kept from the parser, which would take each of their lines apart.

That makes a large mail several times as quick to read, in half the memory. What is kept from it are
whole bodies of parts whose every line could be nothing else: no boundary, no header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from uuid import uuid4

LARGE_BYTES = 64 * 1024
MOST_HEADER_BYTES = 64 * 1024
PORTION_BYTES = 256 * 1024
_OF_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"
_BLANK_LINES = re.compile(rb"\r?\n\r?\n[\r\n]*")  # all of them: a mail in it may begin with one
# What is neither text nor a mail of its own: only ever read as bytes.
_READ_AS_BYTES = frozenset({"application", "image", "audio", "video", "font", "model"})

Bodies = dict[str, memoryview]


def set_aside(raw: bytes, large_bytes: int = LARGE_BYTES) -> tuple[bytes, Bodies]:
    """The mail with a word in place of each large body, and the bodies by these words."""
    name = f"large-body-{uuid4().hex}-"
    view = memoryview(raw)
    kept: list[bytes | memoryview] = []
    bodies: Bodies = {}
    done = 0
    for start, end in _bodies(raw, large_bytes):
        word = f"{name}{len(bodies)}"
        bodies[word] = view[start:end]
        kept += [view[done:start], word.encode()]
        done = end
    if not bodies:
        return raw, bodies
    return b"".join([*kept, view[done:]]), bodies


def bring_back(message: Message, leaves: list[Message], bodies: Bodies) -> None:
    """Put the bodies where their words stand: at a leaf that is a file beside it, else into it."""
    if not bodies:
        return
    words = re.compile("|".join(map(re.escape, bodies)))
    known = {id(leaf) for leaf in leaves}
    for part in message.walk():
        payload = part.get_payload()
        if not isinstance(payload, str):
            continue
        found = bodies.get(payload.strip())
        if found is not None and id(part) in known and _is_file(part):
            vars(part)["large_body"] = found
        elif words.search(payload):
            text = words.sub(lambda word: bytes(bodies[word[0]]).decode("ascii"), payload)
            part.set_payload(text)


def body_of(part: Message) -> bytes | memoryview | None:
    """The body of a leaf that is encoded in base64, as it stands; None for every other leaf."""
    aside: memoryview | None = vars(part).get("large_body")
    if aside is not None:
        return aside
    payload = part.get_payload()
    if isinstance(payload, str) and _encoding(part) == "base64":
        return payload.encode("utf-8", "surrogateescape")
    return None


def _is_file(part: Message) -> bool:
    return _encoding(part) == "base64" and part.get_content_maintype() in _READ_AS_BYTES


def _encoding(part: Message) -> str:
    return str(part.get("content-transfer-encoding", "")).strip().lower()


def _bodies(raw: bytes, large_bytes: int) -> Iterator[tuple[int, int]]:
    """From where to where large bodies of nothing but base64 reach, in order."""
    start = 0
    while start < len(raw):
        end = raw.find(b"\n--", start + 1)
        end = len(raw) if end < 0 else end
        if end - start > large_bytes:
            blank = _BLANK_LINES.search(raw, start, start + MOST_HEADER_BYTES)
            last = end  # the ends of lines before a boundary belong to it, or not: they stay
            while last > start and raw[last - 1] in b"\r\n":
                last -= 1
            if blank and last - blank.end() > large_bytes and _is_base64(raw, blank.end(), last):
                yield blank.end(), last
        start = end


def _is_base64(raw: bytes, start: int, end: int) -> bool:
    return not any(
        raw[one : min(one + PORTION_BYTES, end)].translate(None, _OF_BASE64)
        for one in range(start, end, PORTION_BYTES)
    )

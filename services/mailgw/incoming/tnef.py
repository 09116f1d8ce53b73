"""What Outlook wraps into winmail.dat ([MS-OXTNEF]): attachments, and now and then the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from compressed_rtf import decompress
from striprtf.striprtf import rtf_to_text
from tnefparse import TNEF

from services.mailgw.incoming.body import as_text, flat
from services.mailgw.incoming.charset import clean, decode

TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
SIGNATURE = b"\x78\x9f\x3e\x22"
MOST_BYTES = 40 * 1024 * 1024
# The library copies the rest of the content for each object: a million of them took it hours.
MOST_OBJECTS = 3_000
MOST_RTF_BYTES = 1_000_000
_HEAD, _CHECKSUM = 9, 2  # level, name, type and length before an object's data; two bytes behind


@dataclass(frozen=True)
class Packed:
    """A file in a winmail.dat."""

    filename: str
    content: bytes


@dataclass(frozen=True)
class Unpacked:
    """What a winmail.dat holds; `text` is empty where it has none that can be read."""

    text: str
    files: tuple[Packed, ...]


_to_text: Any = rtf_to_text  # not typed


def unpack(content: bytes) -> Unpacked | None:
    """The text and files in a winmail.dat; None for one that is broken, too large or a trap."""
    if len(content) > MOST_BYTES or not content.startswith(SIGNATURE):
        return None
    if _objects(content) > MOST_OBJECTS:
        return None
    try:
        opened = TNEF(content, do_checksum=False)
        files = tuple(_file(one) for one in opened.attachments if one.data)
        return Unpacked(_text(opened), files)
    except Exception:  # noqa: BLE001  the library raises whatever broken content leads it to
        return None


def _objects(content: bytes) -> int:
    """How many objects it holds, those of messages packed into it included; counting is cheap."""
    found, start = 0, content.find(SIGNATURE)
    while start >= 0 and found <= MOST_OBJECTS:
        at = start + 6
        while at + _HEAD < len(content) and found <= MOST_OBJECTS:
            length = int.from_bytes(content[at + 5 : at + 9], "little")
            at += _HEAD + length + _CHECKSUM
            found += 1
        start = content.find(SIGNATURE, start + 1)
    return found


def _file(one: object) -> Packed:
    name = getattr(one, "long_filename", str)() or ""
    text = name if isinstance(name, str) else decode(bytes(name), None)
    return Packed(text.strip("\x00"), bytes(getattr(one, "data", b"")))


def _text(opened: Any) -> str:
    if opened.body:
        return _as_str(opened.body)
    if opened.htmlbody:
        return as_text(flat(_as_str(opened.htmlbody)))
    packed = opened._rtfbody  # `rtfbody` would unpack it before anybody could measure it
    if packed and len(packed) <= MOST_RTF_BYTES:
        rtf = decompress(packed + b"\x00").decode("latin-1")
        return clean(str(_to_text(rtf[: MOST_RTF_BYTES * 4], errors="ignore"))).strip()
    return ""


def _as_str(text: Any) -> str:
    """The library answers text, bytes, or a list of either."""
    first = text[0] if isinstance(text, list) and text else text
    plain = clean(first) if isinstance(first, str) else decode(bytes(first or b""), None)
    return plain.replace("\r\n", "\n")

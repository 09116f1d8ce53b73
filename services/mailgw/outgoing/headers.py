"""Writing header lines: encoded words (RFC 2047), folding, addresses (RFC 5322)."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence

from services.contracts.mail import Address
from services.mailgw.incoming.charset import clean

LONGEST_LINE = 76
# Beside a header's name on the first line, and each within the 75 characters of RFC 2047 §2.
LONGEST_WORD = 62
MOST_IN_BASE64 = (LONGEST_WORD - len("=?utf-8?b??=")) // 4 * 3
MOST_IN_Q = LONGEST_WORD - len("=?utf-8?q??=")
LONGEST_QUOTED_NAME = 60
_SAFE_IN_Q = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/")
_PLAIN = re.compile(r"[ -~]*")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]\\@]{1,64}@[^\s<>,;:\"()\[\]\\@]{1,255}")


def text_header(name: str, text: str) -> str:
    """A header of free text; runs of white space become one blank each."""
    words = clean(text).split()
    plain = " ".join(words)
    if _is_plain(plain) and all(len(word) < LONGEST_WORD for word in words):
        return _folded(name, [f" {word}" for word in words])
    return _folded(name, [f" {word}" for word in encoded_words(plain)])


def address_header(name: str, addresses: Sequence[Address]) -> str:
    """A header of addresses, each with its name."""
    last = len(addresses) - 1
    lists = [_mailbox(a, "" if n == last else ",") for n, a in enumerate(addresses)]
    return _folded(name, [piece for pieces in lists for piece in pieces])


def id_header(name: str, ids: Iterable[str]) -> str:
    """A header of Message-IDs."""
    return _folded(name, [f" {one}" for one in ids])


def encoded_words(text: str) -> list[str]:
    """Encoded words that read as `text` when put beside each other, none cut in a character."""
    raw = text.encode("utf-8")
    readable = sum(byte in _SAFE_IN_Q or byte == 0x20 for byte in raw)
    if readable * 2 > len(raw):
        return [f"=?utf-8?q?{piece}?=" for piece in _pieces(map(_in_q, text), MOST_IN_Q)]
    pieces = _pieces(text, MOST_IN_BASE64, lambda character: len(character.encode()))
    return [f"=?utf-8?b?{b64encode(piece.encode()).decode()}?=" for piece in pieces]


def wire_address(address: str) -> str | None:
    """The address as servers take it, its domain in ASCII; None when it is none.

    A local part beyond ASCII stays: a server has to offer SMTPUTF8 for it (RFC 6531).
    """
    stripped = address.strip()
    if not _ADDRESS.fullmatch(stripped) or clean(stripped) != stripped:
        return None
    local, _, domain = stripped.rpartition("@")
    try:
        return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError:
        return None


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and "=?" not in text


def _mailbox(address: Address, comma: str) -> list[str]:
    name = " ".join(clean(address.name).split())
    if not name:
        return [f" {address.address}{comma}"]
    if _is_plain(name) and len(name) <= LONGEST_QUOTED_NAME:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return [f' "{escaped}"', f" <{address.address}>{comma}"]
    return [*(f" {word}" for word in encoded_words(name)), f" <{address.address}>{comma}"]


def _folded(name: str, pieces: Iterable[str]) -> str:
    """The pieces, each with its leading blank, in lines that are short where they can be."""
    lines = [f"{name}:"]
    for piece in pieces:
        if len(lines[-1]) + len(piece) > LONGEST_LINE and lines[-1].strip() != f"{name}:":
            lines.append(piece)
        else:
            lines[-1] += piece
    return "\r\n".join(lines) + "\r\n"


def _in_q(character: str) -> str:
    return "".join(
        chr(byte) if byte in _SAFE_IN_Q else "_" if byte == 0x20 else f"={byte:02X}"
        for byte in character.encode("utf-8")
    )


def _pieces(characters: Iterable[str], room: int, size: Callable[[str], int] = len) -> list[str]:
    """The characters, joined to pieces of at most `room`."""
    pieces = [""]
    left = room
    for character in characters:
        needed = size(character)
        if needed > left:
            pieces.append("")
            left = room
        pieces[-1] += character
        left -= needed
    return pieces

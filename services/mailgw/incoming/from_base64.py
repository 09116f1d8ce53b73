"""Decoding base64 as careless programs write it (RFC 2045 §6.8)."""

from __future__ import annotations

import binascii
import re

LOOKED_AT = 4_000
_SIGNS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(set(range(256)) - set(_SIGNS))
_GOES_ON = re.compile(rb"=\s*[A-Za-z0-9+/]")
_PADDED_END = re.compile(rb"=[ \t]*\r?\n")  # behind it there may be a footer
_PIECE = re.compile(rb"[^=]+=*")


def from_base64(body: bytes | memoryview) -> bytes:
    """The bytes that it stands for.

    Of one that was cut those that are there whole; of pieces that were encoded by themselves all
    of them; and what is not encoded at all, whatever its header says, stays as it is.
    """
    if _is_plain(bytes(body[:LOOKED_AT])):
        return bytes(body)
    if _GOES_ON.search(body):
        signs = b"".join(bytes(body).split())
        if not signs.translate(None, _SIGNS):  # else it is a footer that some list has added
            return b"".join(_piece(one[0]) for one in _PIECE.finditer(signs))
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        return _piece(bytes(body).translate(None, _NOT_BASE64))


def _piece(clean: bytes) -> bytes:
    signs = clean.replace(b"=", b"")
    whole = signs[:-1] if len(signs) % 4 == 1 else signs
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def _is_plain(beginning: bytes) -> bool:
    """Whether more than one sign in ten is none of base64; blanks around lines do not count."""
    encoded = _PADDED_END.split(beginning, maxsplit=1)[0]
    signs = b"".join(line.strip() for line in encoded.splitlines())
    return len(signs.translate(None, _SIGNS)) * 10 > len(signs)

"""ISO-2022-JP as mail programs write it: with the signs of Windows, and half-width katakana.

RFC 1468 knows neither; Python's codec refuses a text for a single one of them, and Japanese
mails are full of circled numbers and the like.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\x1b(\$[@B]|\([BJI])")
_TWO_BYTES = frozenset({b"$@", b"$B"})
_KATAKANA = b"(I"


def decode(content: bytes, errors: str = "strict") -> str:
    """The text; raises UnicodeDecodeError where it is none of this, if `errors` is "strict"."""
    pieces = _ESCAPE.split(content)
    output = [pieces[0].decode("ascii", errors)]
    for escape, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if escape in _TWO_BYTES:
            output.append(_two_byte_text(piece, errors))
        elif escape == _KATAKANA:
            output.append(bytes(b | 0x80 if b > 0x20 else b for b in piece).decode("cp932", errors))
        else:
            output.append(piece.decode("ascii", errors))
    return "".join(output)


def _two_byte_text(piece: bytes, errors: str) -> str:
    """Lines end in it without going back to ASCII, which RFC 1468 forbids and programs do."""
    return "".join(
        part.decode("ascii", errors) if number % 2 else _shifted(part).decode("cp932", errors)
        for number, part in enumerate(re.split(rb"([\x00-\x20]+)", piece))
    )


def _shifted(pairs: bytes) -> bytes:
    """Row and cell of JIS X 0208 as the two bytes of Shift JIS; an odd last byte stays."""
    output = bytearray()
    for row, cell in zip(pairs[::2], pairs[1::2], strict=False):
        lead = ((row - 0x21) >> 1) + 0x81
        output.append((lead + 0x40 if lead > 0x9F else lead) & 0xFF)
        output.append((cell + 0x1F + (cell >= 0x60) if row & 1 else cell + 0x7E) & 0xFF)
    return bytes(output) + pairs[len(pairs) - len(pairs) % 2 :]

"""Bytes to text when the declared charset is missing, wrong or a trap."""

from __future__ import annotations

import codecs
import re

import charset_normalizer

GUESS_BYTES = 64 * 1024
# Mail programs name the small set and mean the larger one that contains it.
WIDER = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso-8859-8",
}
# Codecs that decode in quadratic time, or that are no charsets of mails at all.
REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """Text without control characters and lone surrogates, which databases and JSON refuse."""
    return _NOT_TEXT.sub("", text)


def decode(content: bytes, declared: str | None) -> str:
    """The text in `content`: as declared, else UTF-8, else guessed; never raises."""
    for name in (_codec(declared), "utf-8"):
        if name:
            try:
                return clean(content.decode(name))
            except (UnicodeError, LookupError, ValueError):
                continue
    return clean(_guess(content))


def _codec(declared: str | None) -> str | None:
    if not declared:
        return None
    name = declared.strip(" \"'\t").lower()
    name = WIDER.get(name, name)
    try:
        found = codecs.lookup(name).name.replace("-", "_")
    except (LookupError, ValueError, UnicodeError):
        return None
    return None if found in REFUSED else name


def _guess(content: bytes) -> str:
    best = charset_normalizer.from_bytes(content[:GUESS_BYTES]).best()
    name = best.encoding if best else "cp1252"
    return content.decode(name, errors="replace")

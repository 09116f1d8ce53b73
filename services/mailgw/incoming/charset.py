"""Bytes to text when the declared charset is missing, wrong or a trap."""

from __future__ import annotations

import codecs
import re

import charset_normalizer

from services.mailgw.incoming import iso_2022_jp

SHORT_BYTES = 40
GUESS_BYTES = 64 * 1024
JAPANESE = "iso2022_jp"  # read by our own module, which knows more of it than the codec
MOST_JAPANESE_BYTES = 2_000_000  # two seconds at the very worst; longer ones go to the codec
# Mail programs name the small set and mean the larger one that contains it. Python's names.
WIDER = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
# Names that mail programs write and Python does not know.
OTHER_NAMES = {
    "ks_c_5601-1987": "cp949",
    "x-windows-949": "cp949",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gb18030",
    "x-big5": "big5hkscs",
    "koi8-ru": "koi8_u",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ce": "mac_latin2",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "iso-2022-jp-ms": JAPANESE,
    "x-iso-2022-jp-ms": JAPANESE,
    "cp50220": JAPANESE,
    "cp50221": JAPANESE,
}
# Codecs that decode in quadratic time, or that are no charsets of mails at all.
REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
# What programs declare that never looked at the text: where it is UTF-8, it is not by chance.
DEFAULTS = frozenset({"ascii", "cp1252", "iso8859-15"})
# A text in UTF-32 begins with the mark of UTF-16, so it is asked first.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_WIDE = ("utf-16", "utf-32")
BROKEN = "\ufffd"
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_META = re.compile(rb"""charset\s{0,5}=\s{0,5}["']?([A-Za-z0-9_.:+-]{1,40})""", re.IGNORECASE)
_META_BYTES = 2_048


def clean(text: str) -> str:
    """Text without control characters and lone surrogates, which databases and JSON refuse."""
    return _NOT_TEXT.sub("", text)


def decode(content: bytes, declared: str | None) -> str:
    """The text in `content`: by its byte order mark, as declared, else UTF-8, else guessed.

    A character or two that are broken do not make the rest another charset. Never raises.
    """
    for mark, name in MARKS:
        if content.startswith(mark):
            return clean(content.decode(name, "replace")).removeprefix("\ufeff")
    names = _candidates(content, declared)
    for name in names:
        try:
            return clean(_read(content, name, "strict"))
        except (UnicodeError, LookupError, ValueError):
            continue
    for name in names:
        text = _nearly(content, name)
        if text is not None:
            return clean(text)
    return clean(_guess(content))


def declared_in_html(content: bytes) -> str | None:
    """The charset that HTML names in its own head, where nothing around it names one."""
    found = _META.search(content[:_META_BYTES])
    # Whoever can read this name in single bytes does not have UTF-16 before him (HTML §13.2.3.2).
    name = found[1].decode("ascii") if found else None
    return None if name is None or name.lower().startswith(_WIDE) else name


def _candidates(content: bytes, declared: str | None) -> list[str]:
    """The charsets to be tried, the likeliest first."""
    codec = _codec(declared)
    if codec is not None and codec.startswith(_WIDE):
        codec = _byte_order(content, codec)
    names = ["utf-8", codec] if codec in DEFAULTS else [codec or "utf-8", "utf-8"]
    if codec != JAPANESE and codec in {None, "utf-8", *DEFAULTS} and b"\x1b$" in content:
        names.insert(0, JAPANESE)
    return list(dict.fromkeys(name for name in names if name))


def _codec(declared: str | None) -> str | None:
    if not declared:
        return None
    name = declared.strip(" \"'\t").lower()
    name = OTHER_NAMES.get(name, name)
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return None
    found = WIDER.get(found, found)
    return None if found.replace("-", "_") in REFUSED else found


def _byte_order(content: bytes, codec: str) -> str | None:
    """UTF-16 with the order of its bytes; None when there is no zero byte in it.

    Any even number of bytes can be read as UTF-16: plain text so declared became Chinese.
    """
    even, odd = content[::2].count(0), content[1::2].count(0)
    if not even and not odd:
        return None
    if codec != "utf-16":
        return codec
    return "utf-16-be" if even >= odd else "utf-16-le"


def _read(content: bytes, name: str, errors: str) -> str:
    if name == JAPANESE and len(content) <= MOST_JAPANESE_BYTES:
        return iso_2022_jp.decode(content, errors)
    return content.decode(name, errors)


def _nearly(content: bytes, name: str) -> str | None:
    """The text, when all but a tenth of what is beyond ASCII in it can be read so."""
    try:
        text = _read(content, name, "replace")
    except (UnicodeError, LookupError, ValueError):
        return None
    broken = text.count(BROKEN)
    beyond = sum(not one.isascii() for one in text) - broken
    return text if broken * 10 <= beyond else None


def _guess(content: bytes) -> str:
    """By how often its bytes stand beside each other; a few letters of a name tell too little."""
    beyond = sum(byte > 0x7F for byte in content[:SHORT_BYTES])
    if len(content) < SHORT_BYTES and beyond * 3 <= len(content):
        return content.decode("cp1252", errors="replace")
    best = charset_normalizer.from_bytes(content[:GUESS_BYTES]).best()
    return content.decode(best.encoding if best else "cp1252", errors="replace")

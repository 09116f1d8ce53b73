"""A text is read by its mark, its declaration, or what it is, in that order (M11)."""

from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.mailgw.incoming.charset import decode
from services.mailgw.incoming.parse import parse

GERMAN = "Grüße aus Zürich, es fehlen weiß Gott drei Schlüssel für die Tür."
RUSSIAN = "Здравствуйте, принтер не печатает уже третий день."
UKRAINIAN = "Доброго дня, ґанок її не відчиняється, є питання."
JAPANESE = "お世話になっております。プリンターが動きません。"
CHINESE = "您好,打印机坏了,请派人来看一下。"
TAIWANESE = "您好,印表機壞了,請派人來看一下。"

DECLARED = [
    ("utf-8", "utf-8", GERMAN),
    ("iso-8859-1", "cp1252", GERMAN + " „€“"),
    ("us-ascii", "utf-8", GERMAN),
    ("iso-8859-1", "utf-8", GERMAN),
    ("windows-1252", "utf-8", GERMAN),
    ("iso-8859-15", "iso-8859-15", GERMAN + " €"),
    ("iso-8859-9", "cp1254", "Yazıcı çalışmıyor, şifre “yanlış”."),
    ("windows-1250", "windows-1250", "Zażółć gęślą jaźń"),
    ("windows-1251", "windows-1251", RUSSIAN),
    ("windows-1253", "windows-1253", "Ο εκτυπωτής δεν λειτουργεί."),
    ("windows-1255", "windows-1255", "המדפסת אינה עובדת"),
    ("iso-8859-8-i", "iso-8859-8", "המדפסת אינה עובדת"),
    ("windows-1256", "windows-1256", "الطابعة لا تعمل"),
    ("windows-1258", "windows-1258", "Máy in không đươc"),
    ("koi8-r", "koi8-r", RUSSIAN),
    ("koi8-u", "koi8-u", UKRAINIAN),
    ("koi8-ru", "koi8-u", UKRAINIAN),
    ("macintosh", "mac-roman", GERMAN),
    ("x-mac-roman", "mac-roman", GERMAN),
    ("x-mac-cyrillic", "mac-cyrillic", RUSSIAN),
    ("utf-7", "utf-7", GERMAN),
    ("unicode-1-1-utf-7", "utf-7", GERMAN),
    ("gb2312", "gb18030", CHINESE + "镕€"),
    ("gbk", "gb18030", CHINESE + "㐀"),
    ("gb18030", "gb18030", CHINESE + "𠀀"),
    ("hz-gb-2312", "hz", CHINESE),
    ("big5", "cp950", TAIWANESE),
    ("big5-hkscs", "big5hkscs", TAIWANESE + "喺啲嘅"),
    ("iso-2022-jp", "iso2022_jp", JAPANESE),
    ("shift_jis", "cp932", JAPANESE + "①髙"),
    ("x-sjis", "cp932", JAPANESE),
    ("euc-jp", "euc_jp", JAPANESE),
    ("ks_c_5601-1987", "cp949", "프린터가 안 됩니다 똠"),
    ("euc-kr", "cp949", "프린터가 안 됩니다 똠"),
    ("iso-2022-kr", "iso2022_kr", "프린터가 안 됩니다"),
    ("tis-620", "cp874", "เครื่องพิมพ์ไม่ทำงาน"),
    ("utf-16", "utf-16-be", GERMAN),
    ("utf-16", "utf-16-le", GERMAN),
    ("utf-16", "ascii", "Sixteen times said, never done!!"),
    ("unknown-8bit", "utf-8", GERMAN),
    ("x-unknown", "utf-8", JAPANESE),
    (" 'UTF-8' ", "utf-8", GERMAN),
    ("rot13", "ascii", "Hello"),
    ("unicode_escape", "ascii", r"C:\new\users"),
]


@pytest.mark.parametrize(("declared", "real", "text"), DECLARED)
def test_M11_a_text_is_read_as_it_was_meant(declared: str, real: str, text: str) -> None:
    assert decode(text.encode(real), declared) == text


@pytest.mark.parametrize(
    ("real", "text"),
    [("cp1251", RUSSIAN), ("gb18030", CHINESE * 3), ("iso2022_jp", JAPANESE), ("utf-8", JAPANESE)],
)
@pytest.mark.parametrize("declared", [None, "unknown-8bit", "utf-8", "us-ascii"])
def test_M11_a_wrong_or_missing_declaration_is_seen_through(
    declared: str | None, real: str, text: str
) -> None:
    assert decode(text.encode(real), declared) == text


MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
]


@pytest.mark.parametrize(("mark", "real"), MARKS)
@pytest.mark.parametrize("declared", [None, "iso-8859-1", "utf-8"])
def test_M11_a_byte_order_mark_is_believed_and_not_shown(
    declared: str | None, mark: bytes, real: str
) -> None:
    assert decode(mark + GERMAN.encode(real), declared) == GERMAN


def test_M11_signs_of_windows_and_half_width_katakana_stand_in_a_japanese_mail() -> None:
    circled = b"\x1b$B-!-j\x1b(B and \x1b(I6@6E\x1b(B."
    for declared in ("iso-2022-jp", "iso-2022-jp-ms", "cp50220", None):
        assert decode(circled, declared) == "①㈱ and ｶﾀｶﾅ."


def test_M11_japanese_lines_that_never_go_back_to_ascii_are_read() -> None:
    assert decode(b'\x1b$B$"\r\n$$\x1b(B\r\nok', "iso-2022-jp") == "あ\r\nい\r\nok"


def test_M11_one_broken_byte_does_not_change_the_charset_of_the_rest() -> None:
    russian, german = RUSSIAN.encode(), (GERMAN * 3).encode("cp1252")
    assert decode(russian + b"\xff", "utf-8") == RUSSIAN + "\ufffd"
    assert decode(russian[:-2] + b"\xd0", None).startswith(RUSSIAN[:-2])
    assert decode(german + b"\x81", "iso-8859-1") == GERMAN * 3 + "\ufffd"


def test_M11_what_was_encoded_twice_before_it_was_sent_is_left_alone() -> None:
    twice = GERMAN.encode().decode("cp1252", "replace")
    assert decode(twice.encode(), "utf-8") == twice


def test_M11_zero_bytes_do_not_reach_the_text() -> None:
    assert decode(b"a\x00b\x00\x00c", "utf-8") == "abc"


HEADS = [
    b'<meta charset="koi8-r">',
    b"<META http-equiv=Content-Type content='text/html; charset=koi8-r'>",
    b'<?xml version="1.0"?><meta charset = koi8-r>',
]


@pytest.mark.parametrize("head", HEADS)
def test_M11_html_without_a_declared_charset_names_it_itself(head: bytes) -> None:
    raw = b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + head
    assert parse(raw + RUSSIAN.encode("koi8-r")).text == RUSSIAN


def test_M11_the_charset_around_html_holds_before_that_in_it() -> None:
    raw = b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + HEADS[0]
    assert parse(raw + RUSSIAN.encode()).text == RUSSIAN


NAMES = ["iso-2022-jp", "utf-16", "utf-7", "utf-32", "big5", "hz", "gb2312", "iso-2022-kr", None]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.one_of(st.sampled_from(NAMES), st.text(max_size=12)))
@example(b"\x1b$B\x7f\x7f\x1b(I\xff", "iso-2022-jp")
@example(b"\xff\xfe\x00", "utf-16")
def test_M11_any_bytes_under_any_name_are_some_text(content: bytes, declared: str | None) -> None:
    text = decode(content, declared)
    text.encode()
    assert "\x00" not in text


@pytest.mark.parametrize("piece", [b"\x1b$B", b"\x1b$B\x21\x21\x1b(B", b"\x1b(I", b"\xff", b"\x1b"])
def test_M11_a_megabyte_of_escapes_takes_no_long_time(piece: bytes) -> None:
    began = time.monotonic()
    decode(piece * (1_000_000 // len(piece)), "iso-2022-jp")
    assert time.monotonic() - began < 10

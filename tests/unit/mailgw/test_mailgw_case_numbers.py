"""M4: the number in a subject, in every form that mail programs make of it."""

from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.pipeline import judge


def number_in(subject: str) -> int | None:
    """The number that the pipeline finds in a mail with this Subject header, sent as UTF-8."""
    raw = f"From: anna@example.org\r\nSubject: {subject}\r\n\r\nHello\r\n".encode()
    verdict = next(v for v in judge(parse(raw)) if v.filter == "has_case_number")
    return verdict.case_number


def in_base64(text: str, charset: str = "utf-8") -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


OURS = [
    "[101]",
    "[101] Printer",
    "Printer [101]",
    "Printer[101]",
    # Prefixes of answers and forwards, in many languages, once and often.
    "Re: [101] Printer",
    "RE: [101] Printer",
    "re:[101] Printer",
    "Re : [101] Printer",
    "Re:  Re: RE: re: [101] Printer",
    "AW: RE: Fwd: [101] Printer",
    "AW: WG: [101] Printer",
    "Antwort: [101] Printer",
    "Antwort: WG: Re: [101] Printer",
    "SV: [101] Printer",
    "VS: VL: [101] Printer",
    "RV: [101] Printer",
    "Rif: [101] Printer",
    "R: I: [101] Printer",
    "TR : RE : [101] Printer",
    "Antw: [101] Printer",
    "Odp: PD: [101] Printer",
    "YNT: İLT: [101] Printer",
    "Res: ENC: [101] Printer",
    "Vá: [101] Printer",
    "ΑΠ: ΠΡΘ: [101] Printer",
    "НА: [101] Printer",
    "回复：[101] Printer",
    "答复: [101] Printer",
    "转发：回复：[101] Printer",
    "回覆: [101] Printer",
    "返信: [101] Printer",
    "הועבר: [101] Printer",
    "תגובה: [101] Printer",
    "رد: [101] Printer",
    "إعادة توجيه: [101] Printer",
    "Fwd: Fwd: [101] Printer",
    "[101] Printer (fwd)",
    "[Fwd: [101] Printer]",
    "[101](fwd)",
    "Re: [101]: Printer",
    "Re [101]: Printer",
    # Counted answers.
    "RE[2]: [101] Printer",
    "Re[12]: [101] Printer",
    "Re [2]: [101] Printer",
    "AW[3]: Re[2]: [101] Printer",
    "回复[2]：[101] Printer",
    # What servers and lists put before it.
    "[EXT] RE: [101] Printer",
    "[SPAM] [101] Printer",
    "***SPAM*** Re: [101] Printer",
    "[External][101] Printer",
    "[2024-11] [101] Printer",
    "[0] [101] Printer",
    # Other brackets, signs, blanks.
    "［101］ Printer",
    "【101】Printer",
    "〔101〕Printer",
    "[#101] Printer",
    "[＃101] Printer",
    "[ 101 ] Printer",
    "[\u00a0101\u00a0] Printer",
    "[\t101] Printer",
    "[[101]] Printer",
    # Marks that nobody sees.
    "\u200f[101]\u200f \u05de\u05d3\u05e4\u05e1\u05ea",
    "[\u200f101\u200f] \u05de\u05d3\u05e4\u05e1\u05ea",
    "\u202b[\u202a101\u202c]\u202c Printer",
    "[\u2066101\u2069] Printer",
    "[\u200b101\u200b] Printer",
    "[1\u200b01] Printer",
    "[\ufeff101] Printer",
    "[10\u00ad1] Printer",
    "Re: \u061c[101] \u0637\u0627\u0628\u0639\u0629",
    # The digits of other scripts.
    "رد: [١٠١] طابعة",
    "[۱۰۱] چاپگر",
    "【１０１】プリンター",
    "[१०१] प्रिंटर",
    # Folded, and in encoded words that break anywhere.
    "Re:\r\n [101] Printer",
    "Re: [\r\n 101] Printer",
    "Re: [101\r\n\t] Printer",
    "=?utf-8?q?Re=3A_=5B101=5D_Dr=C3=BCcker?=",
    "=?utf-8?q?Re=3A_=5B10?= =?utf-8?q?1=5D_Dr=C3=BCcker?=",
    "=?utf-8?q?Re=3A_=5B10?=\r\n =?utf-8?q?1=5D_Dr=C3=BCcker?=",
    "=?utf-8?q?Re=3A_=5B10?=\r\n =?iso-8859-1?q?1=5D_Dr=FCcker?=",
    "Re: [=?utf-8?q?101?=] Printer",
    "=?UTF-8?Q?Re:_[101]_Dr=C3=BCcker?=",
    "=?utf-8*de?q?AW=3A_=5B101=5D?=",
    in_base64("回复：[101] 打印机"),
    in_base64("答复: [101] 打印机", "gb2312"),
    in_base64("RE: [101] プリンター", "iso-2022-jp"),
    in_base64("הועבר: [101] מדפסת", "windows-1255"),
    in_base64("Re: [10") + "\r\n " + in_base64("1] Printer"),
]
NOT_OURS = [
    "",
    "Printer",
    "101",
    "#101",
    "(101)",
    "{101}",
    "<101>",
    "[101",
    "101]",
    "[]",
    "[ ]",
    "[#]",
    "[2024-11] Newsletter",
    "[2024.11] Newsletter",
    "[101, 102]",
    "[1 01]",
    "[A-101] Printer",
    "[101a]",
    "[-101]",
    "[+101]",
    "[1e3]",
    "[²]",
    "[①]",
    "[Ⅻ]",
    "[EXT] Printer",
    "[SPAM] Printer",
    "[Ticket#101] Printer",
    "[Ticket: 101] Printer",
    "[0] Printer",
    "[00]",
    "[0101] Printer",
    "[٠١] طابعة",
    "[1234567890] Printer",
    "[99999999999999999999999] Printer",
    "Re[3]: Printer",
    "RE[2]: Printer",
    "Re [2]: Printer",
    "Re[3]：Printer",
    "回复[3]：打印机",
    "AW[101]: Printer",
    "[=?utf-8?q?not_a_number?=]",
]


def test_M4_the_table_is_of_some_length() -> None:
    assert len(set(OURS)) >= 60 and len(set(NOT_OURS)) >= 30


@pytest.mark.parametrize("subject", OURS)
def test_M4_the_number_is_found(subject: str) -> None:
    assert number_in(subject) == 101


@pytest.mark.parametrize("subject", NOT_OURS)
def test_M4_what_is_no_number_of_ours_is_none(subject: str) -> None:
    assert number_in(subject) is None


def test_M4_of_two_numbers_the_first_counts() -> None:
    assert number_in("Re: [205] Fwd: [101] Printer") == 205


@given(st.integers(1, 999_999_999), st.text("[]# :Re\u200f１２", max_size=20))
def test_M4_every_number_is_found_in_front_of_anything(number: int, rest: str) -> None:
    assert number_in(f"Re: [{number}] {rest}") == number


@pytest.mark.parametrize(
    "part", ["[", "[ ", "[#1", "a[1", "a [1", "\u200f", "[\u2009", "1", "[1]:"]
)
def test_M11_a_hostile_subject_costs_nothing(part: str) -> None:
    began = time.perf_counter()
    number_in(part * (900_000 // len(part.encode())))
    assert time.perf_counter() - began < 5

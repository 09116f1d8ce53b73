"""M4 and M10: what the filters see in a mail."""

import pytest

from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.pipeline import judge


def verdict(name: str, extra: str = "", subject: str = "Hello", own: tuple[str, ...] = ()):
    raw = f"From: anna@example.org\r\nSubject: {subject}\r\n{extra}\r\nHello\r\n".encode()
    return next(v for v in judge(parse(raw, own)) if v.filter == name)


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("[101] Printer", 101),
        ("Re: [101] Printer", 101),
        ("AW: WG: [101] Printer", 101),
        ("Fwd: Re: AW: [101] Printer", 101),
        ("Re[2]: [101] Printer", 101),
        ("[EXT] RE: [101] Printer", 101),
        ("=?utf-8?q?Re=3A_=5B101=5D_Dr=C3=BCcker?=", 101),
        ("Re[2]: Printer", None),
        ("[0] Printer", None),
        ("[A-101] Printer", None),
        ("Printer", None),
    ],
)
def test_M4_number_in_the_subject(subject: str, number: int | None) -> None:
    assert verdict("has_case_number", subject=subject).case_number == number


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-generated", "Precedence: bulk", "Return-Path: <>"],
)
def test_M10_automatic_mail_is_seen(header: str) -> None:
    assert verdict("is_automatic", header + "\r\n").automatic


def test_M10_a_person_is_no_program() -> None:
    assert not verdict("is_automatic", "Auto-Submitted: no\r\n").automatic


def test_M10_own_mail_is_seen() -> None:
    assert verdict("is_own_address", own=("anna@example.org",)).own


def test_M12_out_of_office_is_seen() -> None:
    assert verdict("is_out_of_office", subject="Automatic reply: x").out_of_office

"""M11: what stands above the first header, cut headers, and odd dates."""

from __future__ import annotations

import pytest

from services.mailgw.incoming.beginning import mended_beginning
from services.mailgw.incoming.dates import read_date
from services.mailgw.incoming.parse import parse

MAIL = b"From: Ann <ann@far.example>\r\nSubject: Belt 2\r\n\r\nIt stands still.\r\n"


@pytest.mark.parametrize(
    "above",
    [
        b"\xef\xbb\xbf",
        b"\r\n\r\n",
        b"\n",
        b" \t\r\n",
        b"From ann@far.example Mon Oct  5 07:00:00 2026\n",
        b">From ann@far.example Mon Oct  5 07:00:00 2026\r\n",
        b"\n\xef\xbb\xbfFrom ann Mon Oct  5 07:00:00 2026\n\n",
    ],
)
def test_M11_what_stands_above_the_first_header_is_left_out(above: bytes) -> None:
    mail = parse(above + MAIL)
    assert (mail.sender.address, mail.subject) == ("ann@far.example", "Belt 2")
    assert mail.text == "It stands still."


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_M11_a_line_that_was_cut_belongs_to_the_header_before(end: bytes) -> None:
    raw = end.join(
        [
            b"From: Ann <ann@far.example>",
            b"Subject: Belt 2 stands",
            b"still since this morning",
            b"Message-ID: <1@far.example>",
            b"Content-Type: text/plain;",
            b"charset=utf-8",
            b"MIME-Version: 1.0",
            b"",
            "Grüße".encode(),
        ]
    )
    mail = parse(raw)
    assert mail.subject == "Belt 2 stands still since this morning"
    assert (mail.message_id, mail.text) == ("<1@far.example>", "Grüße")


@pytest.mark.parametrize(
    "raw",
    [
        MAIL,
        b"From: ann@far.example\nHello there\nNote: call me\n\nAnn\n",
        b"Hello there\nSubject: no header\n\nx\n",
        b"From: ann@far.example\n\nSubject: is text\nhere\nFrom: too\n",
        b"",
        b"\n\n",
    ],
    ids=["a usual one", "a text at once", "no header", "behind the head", "nothing", "blank"],
)
def test_M11_what_is_in_order_or_beyond_help_stays_as_it_is(raw: bytes) -> None:
    assert mended_beginning(raw) == raw


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Mon, 05 Oct 2026 09:00:00 +0200", "2026-10-05T07:00:00+00:00"),
        ("5 Oct 26 09:00 +0200", "2026-10-05T07:00:00+00:00"),
        ("2026-10-05T09:00:00+02:00", "2026-10-05T07:00:00+00:00"),
        ("2026-10-05 09:00:00 +0200", "2026-10-05T07:00:00+00:00"),
        ("2026-10-05T07:00:00.123456Z", "2026-10-05T07:00:00+00:00"),
        ("2026-10-05 07:00", "2026-10-05T07:00:00+00:00"),
        ("Mon, 05 Oct 2026 07:00:00 GMT (GMT)", "2026-10-05T07:00:00+00:00"),
        ("Mon, 5 Oct 2026 07:00:00 -0000", "2026-10-05T07:00:00+00:00"),
        ("2026-13-45T09:00", None),
        ("Mon, 99 Oct 2026 07:00:00 +0000", None),
        ("Mon, 05 Oct 2026 07:00:00 +9999999999", None),
        ("yesterday", None),
        ("", None),
        ("9" * 10_000, None),
    ],
)
def test_M11_the_date_that_a_mail_claims(value: str, moment: str | None) -> None:
    found = read_date(value)
    assert (found.isoformat() if found else None) == moment


def attached(*headers: str) -> str:
    head = "From: ann@far.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    raw = f"{head}{chr(10).join(headers)}\n\nAAAA\n--b--\n"
    (attachment,) = parse(raw.encode()).attachments
    return attachment.filename


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (["Content-Disposition: attachment; filename=x; filename*=utf-8''%C3%BC.pdf"], "ü.pdf"),
        (["Content-Disposition: attachment; filename*0*=utf-8''%C3%BC; filename*1=.pdf"], "ü.pdf"),
        (["Content-Disposition: attachment; filename*=''plain.pdf"], "plain.pdf"),
        (["Content-Disposition: attachment; filename==?utf-8?q?=C3=BC.pdf?="], "ü.pdf"),
        (["Content-Disposition: attachment; filename=..\\\\..\\\\x.exe"], "x.exe"),
        (["Content-Disposition: attachment; filename=\"a\u202efdp.exe\""], "afdp.exe"),
        (["Content-Disposition: attachment", "Content-Type: application/pdf; name=y.pdf"], "y.pdf"),
        (["Content-Disposition: attachment; filename=/etc/passwd"], "passwd"),
        (["Content-Disposition: attachment; filename=" + "a" * 500 + ".pdf"], "a" * 196 + ".pdf"),
    ],
)  # fmt: skip
def test_M11_the_name_of_a_file(headers: list[str], name: str) -> None:
    assert attached(*headers) == name


@pytest.mark.parametrize("kind", ["applic\x00ation/pdf", "\x00/x", "application/p\x7fdf", "a b/c"])
def test_M11_a_type_that_no_database_takes_is_any_bytes(kind: str) -> None:
    head = "From: ann@far.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    disposition = "Content-Disposition: attachment; filename=x.pdf"
    raw = f"{head}{disposition}\nContent-Type: {kind}\n\nAAAA\n--b--\n"
    (attachment,) = parse(raw.encode()).attachments
    assert attachment.content_type in ("application/octet-stream", "text/plain")

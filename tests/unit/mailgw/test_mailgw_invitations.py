"""M11: the meeting that an invitation is about, as calendar programs write it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.contracts.invitations import Invitation
from services.mailgw.incoming.calendar_part import read_invitation
from services.mailgw.incoming.parse import parse

ZONE = """\
BEGIN:VTIMEZONE
TZID:Our own zone
BEGIN:STANDARD
DTSTART:16011028T030000
TZOFFSETFROM:+0300
TZOFFSETTO:+0300
END:STANDARD
END:VTIMEZONE
"""


def calendar(*lines: str, method: str = "REQUEST", before: str = "", uid: str = "m1@x") -> bytes:
    event = "\n".join((f"UID:{uid}" if uid else "COMMENT:x", *lines))
    text = (
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:{method}\n{before}"
        f"BEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    return text.replace("\n", "\r\n").encode()


def read(*lines: str, **more: str) -> Invitation:
    found = read_invitation(calendar(*lines, **more))
    assert found is not None
    return found


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, 1, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "before", "expected"),
    [
        ("DTSTART:20261201T090000Z", "", at(9)),
        ("DTSTART;TZID=Europe/Berlin:20261201T100000", "", at(9)),
        ('DTSTART;TZID="W. Europe Standard Time":20261201T100000', "", at(9)),
        ("DTSTART;TZID=Our own zone:20261201T100000", ZONE, at(7)),
        ("DTSTART:20261201T100000", "", at(10)),
    ],
)
def test_its_start_in_utc(start: str, before: str, expected: datetime) -> None:
    assert read(start, "DURATION:PT1H", before=before).start == expected


def test_how_long_it_takes() -> None:
    assert read("DTSTART:20261201T090000Z", "DTEND:20261201T101500Z").duration_minutes == 75
    assert read("DTSTART:20261201T090000Z", "DURATION:PT90M").duration_minutes == 90
    assert read("DTSTART:20261201T090000Z", "DTEND:20261101T090000Z").duration_minutes is None


def test_a_whole_day() -> None:
    found = read("DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261203")
    assert (found.all_day, found.start, found.duration_minutes) == (True, at(0), 2 * 24 * 60)


def test_what_else_it_says() -> None:
    found = read(
        "SEQUENCE:3",
        "SUMMARY:Plan\\, then act",
        "LOCATION:Room 1",
        'ORGANIZER;CN="Ann":MAILTO:Ann@Blue.example',
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "DTSTART:20261201T090000Z",
    )
    assert (found.sequence, found.summary, found.location) == (3, "Plan, then act", "Room 1")
    assert found.organizer == "ann@blue.example" and found.repeats == "FREQ=WEEKLY;COUNT=4"
    assert read("RECURRENCE-ID:20261208T090000Z", "DTSTART:20261208T100000Z").exception


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"BEGIN:VCALENDAR",
        calendar("DTSTART:20261201T090000Z", uid=""),
        calendar("DTSTART:never", method="REFRESH"),
        b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTODO\r\nUID:1\r\nEND:VTODO\r\nEND:VCALENDAR",
        b"x" * 1_000_000,
    ],
)
def test_what_is_no_invitation(content: bytes) -> None:
    assert read_invitation(content) is None


def test_an_invitation_in_a_mail() -> None:
    raw = (
        b"From: ann@blue.example\nContent-Type: multipart/alternative; boundary=b\n\n"
        b"--b\nContent-Type: text/plain\n\nLet us meet.\n"
        b"--b\nContent-Type: text/calendar; method=CANCEL; charset=utf-8\n\n"
        + calendar("DTSTART:20261201T090000Z", method="").replace(b"METHOD:\r\n", b"")
        + b"\n--b--\n"
    )
    mail = parse(raw)
    assert mail.text == "Let us meet."
    assert mail.invitation is not None and mail.invitation.method == "CANCEL"
    assert [one.content_type for one in mail.attachments] == ["text/calendar"]


OUTLOOK = """\
BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;PARTSTAT=DECLINED;CN=Ann Lee:MAILTO:Ann@blue.example
COMMENT;LANGUAGE=en-US:I am away\\, sorry.\\n
UID:m1@x
SUMMARY;LANGUAGE=en-US:Declined: [101] Plan
DTSTART;TZID=W. Europe Standard Time:20261201T100000
DTEND;TZID=W. Europe Standard Time:20261201T110000
RECURRENCE-ID;TZID=W. Europe Standard Time:20261201T090000
CLASS:PUBLIC
DTSTAMP:20261120T080000Z
SEQUENCE:2
END:VEVENT
END:VCALENDAR
"""


def test_C6_an_answer_as_outlook_writes_it() -> None:
    found = read_invitation(OUTLOOK.replace("\n", "\r\n").encode())
    assert found is not None
    assert (found.method, found.answer, found.sequence) == ("REPLY", "declined", 2)
    assert (found.attendee, found.comment) == ("ann@blue.example", "I am away, sorry.")
    assert found.original == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_C6_an_answer_that_says_nothing_we_know() -> None:
    found = read("ATTENDEE;PARTSTAT=DELEGATED:mailto:a@x", "DTSTART:20261201T090000Z")
    assert (found.answer, found.attendee, found.original) == (None, "a@x", None)

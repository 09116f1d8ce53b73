"""C6: the meeting in a mail of ours, as calendar programs read it back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from caldav.lib import vcal
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event
from unit.mailgw.test_mailgw_compose import ACCOUNT, AT, lines_are_in_order, order, shown

from services.contracts.cases import Attendee, Occurrence
from services.contracts.invitations import CalendarPart
from services.contracts.mail import Address
from services.mailgw.incoming.parse import parse
from services.mailgw.outgoing.calendar_part import calendar_text
from services.mailgw.outgoing.compose import compose
from services.mailgw.outgoing.time_zone_part import time_zone_part

BERLIN = ZoneInfo("Europe/Berlin")
ANN = Attendee(address="ann@blue.example", name="Ann", answer="accepted")
WE_AT_TWO = {"recurrence": "FREQ=WEEKLY;BYDAY=WE", "time_zone": "Europe/Berlin"}


def utc(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


MOVED = Occurrence(original=utc(12, 2, 13), start=utc(12, 3, 9), duration_minutes=30)
TAKEN_OUT = Occurrence(original=utc(12, 9, 13), start=utc(12, 9, 13), cancelled=True)


def meeting(**fields: Any) -> CalendarPart:
    known = {
        "method": "REQUEST",
        "uid": "u1@ours.example",
        "sequence": 3,
        "summary": "Plan",
        "start": utc(11, 25, 13),
        "duration_minutes": 60,
        "attendees": (ANN,),
    }
    return CalendarPart.model_validate(known | fields)


def part_of(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    (found,) = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    assert isinstance(found, EmailMessage)
    return found


def sent(**fields: Any) -> Calendar:
    raw = compose(order(calendar=meeting(**fields)), ACCOUNT, AT)
    lines_are_in_order(raw)
    content = part_of(raw).get_payload(decode=True)
    assert isinstance(content, bytes)
    text = content.decode()
    # A CalDAV client has nothing to mend in it but the ends of its lines.
    assert vcal.fix(text).split("\n") == text.replace("\r\n", "\n").split("\n")
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar) and calendar.errors == []
    return calendar


def events(calendar: Calendar) -> list[Event]:
    return [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]


def test_C6_the_meeting_is_the_last_of_three_alternatives() -> None:
    raw = compose(order(calendar=meeting()), ACCOUNT, AT)
    message = message_from_bytes(raw, policy=default)
    kinds = [one.get_content_type() for one in message.walk()]
    texts = ["text/plain", "text/html", "text/calendar"]
    assert kinds == ["multipart/alternative", *texts]
    part = part_of(raw)
    assert (part.get_param("method"), part.get_content_charset()) == ("REQUEST", "utf-8")
    again = parse(raw).invitation
    assert again is not None
    assert (again.uid, again.sequence, again.start) == ("u1@ours.example", 3, utc(11, 25, 13))


def test_C6_who_invites_and_who_is_asked() -> None:
    (event,) = events(sent())
    assert (
        event["ORGANIZER"] == f"mailto:{ACCOUNT}" and event["ORGANIZER"].params["CN"] == "Support"
    )
    attendee = event["ATTENDEE"]
    assert attendee == "mailto:ann@blue.example"
    assert (attendee.params["PARTSTAT"], attendee.params["RSVP"]) == ("ACCEPTED", "TRUE")
    assert (event.start, event.end) == (utc(11, 25, 13), utc(11, 25, 14))


def test_C6_a_series_keeps_its_clock_and_knows_what_was_moved() -> None:
    calendar = sent(**WE_AT_TWO, occurrences=(MOVED, TAKEN_OUT))
    series, moved = events(calendar)
    assert series.start == datetime(2026, 11, 25, 14, tzinfo=BERLIN)
    assert series["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert series["EXDATE"].dts[0].dt == datetime(2026, 12, 9, 14, tzinfo=BERLIN)
    assert moved["RECURRENCE-ID"].dt == datetime(2026, 12, 2, 14, tzinfo=BERLIN)
    assert moved.start == datetime(2026, 12, 3, 10, tzinfo=BERLIN)
    assert moved["UID"] == series["UID"]
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_C6_one_of_a_series_goes_alone(method: str) -> None:
    one = MOVED if method == "REQUEST" else TAKEN_OUT
    given = {"method": method, "occurrences": (MOVED, TAKEN_OUT), "only": (one.original,)}
    (event,) = events(sent(**WE_AT_TWO, **given))
    assert event["RECURRENCE-ID"].dt == one.original and "RRULE" not in event
    assert event.start == one.start and "RRULE" not in event
    assert event["STATUS"] == ("CONFIRMED" if method == "REQUEST" else "CANCELLED")


def test_C6_whole_days_are_days() -> None:
    fields = {"start": utc(11, 25, 0), "duration_minutes": 2 * 1440, "all_day": True}
    (event,) = events(sent(**fields, recurrence="FREQ=YEARLY;UNTIL=20300101", time_zone="UTC"))
    assert (event.start, event.end) == (date(2026, 11, 25), date(2026, 11, 27))
    assert event["RRULE"]["UNTIL"] == [date(2030, 1, 1)]


def test_C6_the_end_of_a_series_is_told_in_utc() -> None:
    rule = "FREQ=WEEKLY;BYDAY=WE;UNTIL=20270301"
    (event,) = events(sent(recurrence=rule, time_zone="Europe/Berlin"))
    assert event["RRULE"]["UNTIL"] == [datetime(2027, 3, 1, 22, 59, 59, tzinfo=UTC)]


def test_C6_a_cancellation_asks_for_nothing() -> None:
    (event,) = events(sent(method="CANCEL"))
    assert event["STATUS"] == "CANCELLED" and "RSVP" not in event["ATTENDEE"].params


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60))
def test_C6_any_words_survive(summary: str, name: str) -> None:
    who = Attendee(address="ann@blue.example", name=name)
    (event,) = events(sent(summary=summary, attendees=(who,)))
    assert str(event["SUMMARY"]) == shown(summary)
    assert event["ATTENDEE"] == "mailto:ann@blue.example"


@pytest.mark.parametrize(
    "name",
    ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Africa/Casablanca", "Europe/Dublin",
     "Australia/Lord_Howe", "America/Sao_Paulo"],
)  # fmt: skip
def test_C6_a_zone_is_told_as_it_is(name: str) -> None:
    zone = time_zone_part(name, datetime(2026, 6, 1)).to_tz()
    real, day = ZoneInfo(name), datetime(2026, 1, 1, 12)
    while day.year < 2029:
        assert day.replace(tzinfo=zone).utcoffset() == day.replace(tzinfo=real).utcoffset(), day
        day += timedelta(days=5)


def test_C6_the_rule_is_one_that_others_read() -> None:
    text = calendar_text(meeting(**WE_AT_TWO), Address(address=ACCOUNT), AT)
    *_, line = [one for one in text.split("\r\n") if one.startswith("RRULE:")]
    first = datetime(2026, 11, 25, 14)
    assert rrulestr(line, dtstart=first)[1] == first + timedelta(days=7)

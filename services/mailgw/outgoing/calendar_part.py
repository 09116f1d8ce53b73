"""Writing the meeting that a mail of ours invites to (RFC 5545, RFC 5546, RFC 6047)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vRecur

from services.contracts.cases import Attendee, Occurrence
from services.contracts.invitations import CalendarPart
from services.contracts.mail import Address
from services.mailgw.incoming.charset import clean
from services.mailgw.outgoing.headers import wire_address
from services.mailgw.outgoing.time_zone_part import time_zone_part

PRODUCT = "-//Casewire//Casewire//EN"
_PARTSTAT = {
    "waiting": "NEEDS-ACTION",
    "accepted": "ACCEPTED",
    "declined": "DECLINED",
    "tentative": "TENTATIVE",
}


def calendar_text(part: CalendarPart, organizer: Address, at: datetime) -> str:
    """The iCalendar object; lines end in CRLF. `organizer` is whom the mail comes from.

    A series goes with those of its meetings that were moved, each by its RECURRENCE-ID, and
    without those taken out (EXDATE). What is about single ones holds these alone.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", part.method)
    if _zone(part) is not UTC:
        calendar.add_component(time_zone_part(part.time_zone, part.start))
    for event in _events(part, organizer, at):
        calendar.add_component(event)
    return bytes(calendar.to_ical()).decode()


def _events(part: CalendarPart, organizer: Address, at: datetime) -> Iterable[Event]:
    if not part.only:
        yield _whole(part, organizer, at)
    for one in part.occurrences:
        wanted = one.original in part.only if part.only else not one.cancelled
        if wanted and (part.only or part.method == "REQUEST"):
            yield _single(part, one, organizer, at)


def _whole(part: CalendarPart, organizer: Address, at: datetime) -> Event:
    event = _event(part, organizer, at)
    _add_times(event, part, part.start, part.duration_minutes)
    if part.recurrence:
        event.add("rrule", vRecur.from_ical(_rule(part)))
    taken_out = [_moment(part, one.original) for one in part.occurrences if one.cancelled]
    if taken_out and part.method == "REQUEST":
        event.add("exdate", taken_out)
    for one in part.attendees:
        event.add("attendee", _attendee(part, one, one.answer))
    return event


def _single(part: CalendarPart, one: Occurrence, organizer: Address, at: datetime) -> Event:
    event = _event(part, organizer, at)
    event.add("recurrence-id", _moment(part, one.original))
    is_off = part.method == "CANCEL"
    _add_times(event, part, one.original if is_off else one.start, one.duration_minutes)
    for who in part.attendees:
        said = {single.original: single.answer for single in who.single}
        event.add("attendee", _attendee(part, who, said.get(one.original, who.answer)))
    return event


def _event(part: CalendarPart, organizer: Address, at: datetime) -> Event:
    event = Event()
    event.add("uid", part.uid)
    event.add("sequence", part.sequence)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("summary", _line(part.summary))
    if part.description:
        event.add("description", clean(part.description))
    event.add("status", "CANCELLED" if part.method == "CANCEL" else "CONFIRMED")
    event.add("organizer", _person(organizer.address, organizer.name))
    return event


def _add_times(event: Event, part: CalendarPart, start: datetime, minutes: int) -> None:
    event.add("dtstart", _moment(part, start))
    event.add("dtend", _moment(part, start + timedelta(minutes=minutes)))


def _moment(part: CalendarPart, moment: datetime) -> date:
    """A day of what takes whole days, else on the clock of the series."""
    if part.all_day:
        return moment.astimezone(UTC).date()
    return moment.astimezone(_zone(part))


def _zone(part: CalendarPart) -> tzinfo:
    """A single meeting is told in UTC, which every program knows; a series keeps to a clock."""
    if part.all_day or not part.recurrence or part.time_zone in ("", "UTC"):
        return UTC
    return ZoneInfo(part.time_zone)


def _rule(part: CalendarPart) -> str:
    """The rule with its UNTIL as §3.3.10 wants it beside such a start."""
    pieces = dict(piece.split("=", 1) for piece in part.recurrence.split(";"))
    until = pieces.get("UNTIL", "")
    if until and part.all_day:
        pieces["UNTIL"] = until[:8]
    elif until and not until.endswith("Z"):
        clock_time = datetime.strptime(f"{until}T235959"[:15], "%Y%m%dT%H%M%S")
        moment = clock_time.replace(tzinfo=ZoneInfo(part.time_zone or "UTC")).astimezone(UTC)
        pieces["UNTIL"] = moment.strftime("%Y%m%dT%H%M%SZ")
    return ";".join(f"{name}={value}" for name, value in pieces.items())


def _attendee(part: CalendarPart, who: Attendee, answer: str) -> vCalAddress:
    person = _person(who.address, who.name)
    person.params["CUTYPE"] = "INDIVIDUAL"
    person.params["ROLE"] = "REQ-PARTICIPANT"
    person.params["PARTSTAT"] = _PARTSTAT[answer]
    if part.method == "REQUEST":
        person.params["RSVP"] = "TRUE"
    return person


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{wire_address(address) or clean(address)}")
    shown = _line(name).replace('"', "'")
    if shown:
        person.params["CN"] = shown
    return person


def _line(text: str) -> str:
    return " ".join(clean(text).split())

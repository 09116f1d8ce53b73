"""Events as an iCalendar file (RFC 5545), for the calendars of other programs (C6)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from icalendar import Calendar, Event, vCalAddress, vUri

from services.contracts.calendar import CalendarEvent

PRODUCT = "-//Casewire//Casewire//EN"
# So often programs are asked to look again (RFC 7986 §5.7).
REFRESHED = "PT15M"
PARTSTAT = {
    "waiting": "NEEDS-ACTION",
    "accepted": "ACCEPTED",
    "declined": "DECLINED",
    "tentative": "TENTATIVE",
}


def calendar_file(
    name: str,
    events: Iterable[CalendarEvent],
    address_of: Callable[[int], str],
    host: str,
    organizers: Mapping[int, str] = MappingProxyType({}),
) -> bytes:
    """The file: each meeting is an event of its own, also those of a series.

    `organizers` are the mail addresses of sections, by their ids: the attendees of a meeting
    stand in it with their answers where its section has one (RFC 5545 §3.8.4.1).

    The same events give the same bytes, so that a file that did not change is known by its hash.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESHED, parameters={"value": "DURATION"}, encode=False)
    for event in events:
        found = _event(event, address_of(event.number), host)
        organizer = organizers.get(event.section.id, "") if event.section else ""
        if organizer:
            _add_attendees(found, event, organizer)
        calendar.add_component(found)
    return bytes(calendar.to_ical())


def _add_attendees(found: Event, event: CalendarEvent, organizer: str) -> None:
    for one in event.attendees:
        said = {single.original: single.answer for single in one.single}
        answer = said.get(event.original, one.answer) if event.original else one.answer
        person = vCalAddress(f"mailto:{one.address}")
        person.params["PARTSTAT"] = PARTSTAT[answer]
        name = one.name.replace('"', "'")
        if name:
            person.params["CN"] = name
        found.add("attendee", person)
    if event.attendees:
        found.add("organizer", vCalAddress(f"mailto:{organizer}"))


def digest(content: bytes) -> str:
    """What the file is known by (RFC 9110 §8.8.3)."""
    return hashlib.sha256(content).hexdigest()[:32]


def _event(event: CalendarEvent, address: str, host: str) -> Event:
    found = Event()
    which = f"-{event.original:%Y%m%dT%H%M%SZ}" if event.original else ""
    found.add("uid", f"case-{event.number}{which}@{host}")
    found.add("sequence", event.version)
    # The moment of this state of it is not told by the cases service; the version counts.
    found.add("dtstamp", datetime(2000, 1, 1, tzinfo=UTC))
    if event.all_day:
        found.add("dtstart", event.start.astimezone(UTC).date())
        found.add("dtend", event.end.astimezone(UTC).date())
    else:
        found.add("dtstart", event.start.astimezone(UTC))
        found.add("dtend", event.end.astimezone(UTC))
    found.add("summary", f"[{event.number}] {event.subject}")
    found.add("status", "CANCELLED" if event.state == "cancelled" else "CONFIRMED")
    if event.responsible is not None:
        found.add("categories", [event.responsible.name])
    found["url"] = vUri(address)
    return found

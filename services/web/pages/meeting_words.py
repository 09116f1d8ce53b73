"""Meetings as people read them: when one is, and who comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from services.contracts.cases import Attendee
from services.web.pages.moments import day, exact, weekday
from services.web.pages.words import ATTENDANCE


def attendance_text(attendee: Attendee) -> str:
    """ "Ann Partner: accepted"; with how many single meetings he answered otherwise."""
    name = attendee.name or attendee.address
    text = f"{name}: {ATTENDANCE[attendee.answer]}"
    for one in attendee.single:
        text += f", {ATTENDANCE[one.answer]} for {day(one.original.date())}"
    return text


def span_text(start: datetime, end: datetime, zone: tzinfo, *, all_day: bool = False) -> str:
    """ "Wed 25 Nov 2026, 14:00–15:00"; of whole days only the days."""
    if all_day:
        first = start.astimezone(UTC)
        last = max(first, end.astimezone(UTC) - timedelta(minutes=1))
        return _day(first) if first.date() == last.date() else f"{_day(first)} – {_day(last)}"
    begin, until = start.astimezone(zone), end.astimezone(zone)
    if begin == until:
        return exact(start, zone)
    if begin.date() == until.date():
        return f"{exact(start, zone)}–{until:%H:%M}"
    return f"{exact(start, zone)} – {exact(end, zone)}"


def _day(moment: datetime) -> str:
    return f"{weekday(moment.weekday(), short=True)} {day(moment.date())}"

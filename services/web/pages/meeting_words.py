"""Meetings as people read them: when one is, and who comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from services.contracts.cases import Attendee
from services.web.pages.moments import day, exact, weekday_and_date
from services.web.pages.words import ATTENDANCE
from services.web.translation import gettext


def attendance_text(attendee: Attendee) -> str:
    """ "Ann Partner: accepted"; with how many single meetings he answered otherwise."""
    name = attendee.name or attendee.address
    answers = [ATTENDANCE[attendee.answer]]
    for one in attendee.single:
        original = day(one.original.date())
        answers.append(
            gettext("%(answer)s for %(day)s", answer=ATTENDANCE[one.answer], day=original)
        )
    return gettext("%(name)s: %(words)s", name=name, words=", ".join(answers))


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
    return weekday_and_date(moment.date())

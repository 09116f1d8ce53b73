"""From the fields that a caller gives to a working calendar that makes sense."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.contracts.errors import InvalidRequest
from services.contracts.reading import read
from services.contracts.rules import WorkingCalendar
from services.rules.model.public_holidays import check_place
from services.rules.model.working_time import WorkingTime
from services.runtime.clock import now

OWN = {"id", "version"}  # what a caller does not set
NEW = WorkingCalendar(id=0, name="new")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_SPANS = 24
MOST_CLOSED_DAYS = 5000
# Far enough ahead that no list of closed days makes a calendar without working hours.
A_WHILE = timedelta(days=5 * 366)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")

Wrong = tuple[str, str]  # the field, and what to do


def changed_calendar(before: WorkingCalendar | None, fields: Mapping[str, Any]) -> WorkingCalendar:
    """The calendar with these fields; those not given stay, or are the defaults of a new one.

    Raises InvalidRequest for a field that there is not, or whose value cannot be taken.
    """
    known = [name for name in WorkingCalendar.model_fields if name not in OWN]
    for name in fields:
        if name not in known:
            raise InvalidRequest(name, f"is not known; there are {', '.join(known)}")
    if before is None and "name" not in fields:
        raise InvalidRequest("name", "give the calendar a name")
    old = (before or NEW).model_dump(mode="json")
    calendar = read(WorkingCalendar, {**old, **fields}, "fields")
    for field, what_to_do in _wrong(calendar):
        raise InvalidRequest(field, what_to_do)
    days = tuple(sorted(set(calendar.closed_days)))
    return calendar.model_copy(update={"name": calendar.name.strip(), "closed_days": days})


def _wrong(calendar: WorkingCalendar) -> Iterator[Wrong]:
    if not calendar.name.strip() or not calendar.name.isprintable():
        yield "name", "give it a name of one line"
    if not _is_time_zone(calendar.time_zone):
        yield "time_zone", f"{calendar.time_zone!r} is none; write one such as Europe/Berlin"
    yield from _wrong_hours(calendar)
    if calendar.country is None and calendar.subdivision is not None:
        yield "subdivision", "name the country it belongs to, or leave it out"
    if calendar.country is not None:
        check_place(calendar.country, calendar.subdivision)
    if len(calendar.closed_days) > MOST_CLOSED_DAYS:
        yield "closed_days", f"give at most {MOST_CLOSED_DAYS}"
    begin = now()
    opens = WorkingTime(calendar).add(begin, 0, "hours")
    if opens is None or opens - begin > A_WHILE:
        yield "closed_days", "nobody works in the next five years; take some of them away"


def _wrong_hours(calendar: WorkingCalendar) -> Iterator[Wrong]:
    if len(calendar.hours) != len(WEEKDAYS):
        yield "hours", "give seven lists of spans, one for each weekday from Monday"
    for number, (weekday, spans) in enumerate(zip(WEEKDAYS, calendar.hours, strict=False)):
        field = f"hours.{number}"
        if len(spans) > MOST_SPANS:
            yield field, f"{weekday}: give at most {MOST_SPANS} spans"
        for text in (text for span in spans for text in span):
            if not _CLOCK.fullmatch(text):
                yield field, f"{weekday}: write {text!r} as hours and minutes, 09:00 to 24:00"
        for begin, end in spans:
            if begin >= end:
                yield field, f"{weekday}: {begin} is not before {end}; for a night use two days"
        for (_, end), (begin, _) in pairwise(spans):
            if begin < end:
                yield field, f"{weekday}: {begin} lies before {end}; put the spans in order"
    if not any(calendar.hours):
        yield "hours", "give working hours on one weekday at least"


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True

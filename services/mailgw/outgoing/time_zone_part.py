"""A time zone as calendar programs read it: VTIMEZONE (RFC 5545 §3.6.5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

YEARS_TOLD = 10
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LONG_AGO = datetime(1970, 1, 1)


class _Turn(NamedTuple):
    """When the clock is put on or back: the clock time that it showed before, and the offsets."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_daylight: bool


def time_zone_part(name: str, first: datetime) -> Timezone:
    """The zone from the year of `first` on.

    A zone that turns its clock in the same way each year says so by rules, which older programs
    want; one that does not has its next YEARS_TOLD years written out.
    """
    zone = ZoneInfo(name)
    part = Timezone()
    part.add("tzid", name)
    years = range(first.year - 1, first.year + YEARS_TOLD)
    by_year = {year: _turns(zone, year) for year in years}
    turns = by_year[first.year - 1]
    if not any(by_year.values()):
        part.add_component(_observance(_standing(zone, first)))
    elif all(_rules(found) == _rules(turns) for found in by_year.values()):
        for turn in turns:
            observance = _observance(turn)
            observance.add("rrule", vRecur.from_ical(_rule(turn)))
            part.add_component(observance)
    else:
        part.add_component(_observance(_standing(zone, datetime(first.year - 1, 1, 1))))
        for turn in (one for found in by_year.values() for one in found):
            part.add_component(_observance(turn))
    return part


def _standing(zone: ZoneInfo, moment: datetime) -> _Turn:
    there = moment.replace(tzinfo=zone)
    offset = there.utcoffset() or timedelta()
    return _Turn(_LONG_AGO, offset, offset, there.tzname() or "", is_daylight=False)


def _turns(zone: ZoneInfo, year: int) -> list[_Turn]:
    """In the order of the year; looked for by days first, then to the minute."""
    found = []
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        after = day + timedelta(days=1)
        if _offset(zone, day) != _offset(zone, after):
            found.append(_turn_between(zone, day, after))
        day = after
    return found


def _turn_between(zone: ZoneInfo, low: datetime, high: datetime) -> _Turn:
    before = _offset(zone, low)
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    high = high.replace(second=0, microsecond=0)
    there = high.astimezone(zone)
    shown = (high + before).replace(tzinfo=None)
    offset = _offset(zone, high)
    # The later hour is daylight, also where the law has it the other way round (Dublin).
    return _Turn(shown, before, offset, there.tzname() or "", is_daylight=offset > before)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _rules(turns: list[_Turn]) -> list[tuple[str, object, object, object]]:
    return [(_rule(one), one.at.time(), one.before, one.after) for one in turns]


def _rule(turn: _Turn) -> str:
    """ "The last Sunday of March": whichever of the month it is, the last one is told as such."""
    at = turn.at
    is_last = (at + timedelta(days=7)).month != at.month
    which = -1 if is_last else (at.day - 1) // 7 + 1
    return f"FREQ=YEARLY;BYMONTH={at.month};BYDAY={which}{_DAYS[at.weekday()]}"


def _observance(turn: _Turn) -> TimezoneStandard | TimezoneDaylight:
    observance = TimezoneDaylight() if turn.is_daylight else TimezoneStandard()
    observance.add("dtstart", turn.at)
    observance.add("tzoffsetfrom", turn.before)
    observance.add("tzoffsetto", turn.after)
    observance.add("tzname", turn.name)
    return observance

"""The working hours of one year of a calendar, as moments in UTC."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from services.contracts.rules import WorkingCalendar
from services.rules.model.public_holidays import holidays_of

Span = tuple[datetime, datetime]  # from when to when somebody works, without a break
ALL_OFFSETS = timedelta(hours=26)  # no zone is further from UTC, and none moves it further
DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingYear:
    """The spans of a year in order; `before[i]` is the working time before span i opens.

    `days` are the days with working hours, and `spans_of_days` the spans of each.
    """

    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    before: tuple[timedelta, ...]
    total: timedelta
    days: tuple[date, ...]
    spans_of_days: tuple[tuple[Span, ...], ...]

    def worked(self, moment: datetime) -> timedelta:
        """The working time of this year until the moment."""
        position = bisect_right(self.opens, moment) - 1
        if position < 0:
            return timedelta(0)
        return self.before[position] + (min(moment, self.closes[position]) - self.opens[position])


def working_year(calendar: WorkingCalendar, zone: ZoneInfo, year: int) -> WorkingYear:
    """Lay out the year. Raises OverflowError or ValueError at the ends of all time."""
    worked = [(day, spans) for day in _open_days(calendar, year) if (spans := _spans(day, zone))]
    in_order = sorted(span for _, spans in worked for span in spans)
    sums = tuple(accumulate((b - a for a, b in in_order), initial=timedelta(0)))
    return WorkingYear(
        opens=tuple(opens for opens, _ in in_order),
        closes=tuple(closes for _, closes in in_order),
        before=sums[:-1],
        total=sums[-1],
        days=tuple(day.day for day, _ in worked),
        spans_of_days=tuple(spans for _, spans in worked),
    )


@dataclass(frozen=True)
class _OpenDay:
    """A day with its hours as (from, to) behind its midnight, on the clock on the wall."""

    day: date
    hours: tuple[tuple[timedelta, timedelta], ...]


def _open_days(calendar: WorkingCalendar, year: int) -> Iterator[_OpenDay]:
    week = [tuple((_clock(a), _clock(b)) for a, b in spans) for spans in calendar.hours]
    closed = set(calendar.closed_days)
    if calendar.country:
        closed |= holidays_of(calendar.country, calendar.subdivision, year).keys()
    for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        hours = week[day.weekday()]
        if hours and day not in closed:
            yield _OpenDay(day, hours)


def _spans(open_day: _OpenDay, zone: ZoneInfo) -> tuple[Span, ...]:
    """When the clock on the wall shows these hours; twice or never where it is turned."""
    midnight = datetime.combine(open_day.day, time(), UTC)
    earliest, latest = midnight - ALL_OFFSETS, midnight + DAY + ALL_OFFSETS
    before, after = _offset(zone, earliest), _offset(zone, latest)
    if before == after:
        shift = midnight - before
        return tuple((shift + opens, shift + closes) for opens, closes in open_day.hours)
    turned = _turned(zone, earliest, latest)
    parts: Iterable[Span] = (
        (max(midnight + opens - offset, begin), min(midnight + closes - offset, end))
        for opens, closes in open_day.hours
        for offset, begin, end in ((before, earliest, turned), (after, turned, latest))
    )
    return tuple(sorted((opens, closes) for opens, closes in parts if opens < closes))


def _turned(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """When the clock is turned between these two, to the second."""
    old, low, high = _offset(zone, before), 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, before + timedelta(seconds=middle)) == old:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def _clock(text: str) -> timedelta:
    """How far "17:30" lies behind midnight."""
    return timedelta(hours=int(text[:2]), minutes=int(text[3:5]))

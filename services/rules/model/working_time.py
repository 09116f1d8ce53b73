"""Counting on a working calendar (A2): so much working time, or so many working days, on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from services.contracts.rules import Unit, WorkingCalendar
from services.rules.model.working_year import Span, WorkingYear, working_year

# 10,000 days at five a week take 38 years; who does not get there in these has hardly any.
LONGEST_SEARCH_YEARS = 60


class WorkingTime:
    """A calendar to count with. A year of it is laid out once, so that adding is quick."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.name = calendar.name
        self._calendar = calendar
        self._zone = ZoneInfo(calendar.time_zone)
        self._years: dict[int, WorkingYear] = {}

    def add(self, moment: datetime, delay: int, unit: Unit) -> datetime | None:
        """The moment (UTC) that lies `delay` `unit`s behind this one, or before it if negative.

        Minutes and hours are those that pass within working hours, on the clock: a night in
        which the clock is turned is an hour shorter or longer. Forwards the answer is the end
        of the last of them (so 8 hours from 9:00 are at 17:00), backwards the begin of the
        first. A delay of 0 is the moment itself, or the next opening when nobody works.

        Days are working days: the answer lies on the nth day with working hours behind the
        local day of the moment (a working day from Saturday is Monday), at the same time on
        the wall; where nobody works then, at that day's opening, at its closing, or, in a
        break, at its end (backwards: its begin).

        Months are those of the calendar on the wall; they end whether somebody works or not.

        None when nothing is found within 60 years, or before the end of all time.
        """
        try:
            moment = moment.astimezone(UTC)
            if unit == "months":
                return self._months(moment, delay)
            if unit == "days" and delay:
                return self._days(moment, delay)
            duration = timedelta(**{unit: delay})
            return self._backwards(moment, -duration) if delay < 0 else self._on(moment, duration)
        except (OverflowError, ValueError):
            return None

    def _on(self, moment: datetime, duration: timedelta) -> datetime | None:
        left = None
        for year in self._years_from(moment, 1):
            if left is None:
                left = year.worked(moment) + duration
            if not duration:  # the span that holds the moment, or the next one
                position = bisect_left(year.closes, moment)
                if position < len(year.closes):
                    return max(moment, year.opens[position])
            elif left <= year.total:
                position = bisect_left(year.before, left) - 1
                return year.opens[position] + (left - year.before[position])
            left -= year.total
        return None

    def _backwards(self, moment: datetime, duration: timedelta) -> datetime | None:
        left: timedelta | None = None
        for year in self._years_from(moment, -1):
            left = (year.worked(moment) if left is None else left + year.total) - duration
            duration = timedelta(0)
            if left >= timedelta(0):
                position = bisect_right(year.before, left) - 1
                return year.opens[position] + (left - year.before[position])
        return None

    def _days(self, moment: datetime, delay: int) -> datetime | None:
        today = self._local(moment).date()
        left = abs(delay)
        for year in self._years_from(moment, 1 if delay > 0 else -1):
            if delay > 0:
                first = bisect_right(year.days, today)
                position, there = first + left - 1, len(year.days) - first
            else:
                there = bisect_left(year.days, today)
                position = there - left
            if left <= there:
                spans = year.spans_of_days[position]
                return self._within(moment, year.days[position], spans, forwards=delay > 0)
            left -= there
        return None

    def _within(
        self, moment: datetime, day: date, spans: tuple[Span, ...], *, forwards: bool
    ) -> datetime:
        """The time on the wall of this moment, on that day and within its hours."""
        wall = self._local(moment)
        same = datetime.combine(day, wall.time(), self._zone).astimezone(UTC)
        if forwards:
            opening = next((span for span in spans if same <= span[1]), None)
            return max(same, opening[0]) if opening else spans[-1][1]
        closing = next((span for span in reversed(spans) if same >= span[0]), None)
        return min(same, closing[1]) if closing else spans[0][0]

    def _months(self, moment: datetime, delay: int) -> datetime:
        wall: datetime = self._local(moment).replace(tzinfo=None) + relativedelta(months=delay)
        return wall.replace(tzinfo=self._zone).astimezone(UTC)

    def _years_from(self, moment: datetime, step: int) -> Iterator[WorkingYear]:
        first = self._local(moment).year
        for year in range(first, first + step * LONGEST_SEARCH_YEARS, step):
            if year not in self._years:
                self._years[year] = working_year(self._calendar, self._zone, year)
            yield self._years[year]

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone)


WorkingTimes = Mapping[int, WorkingTime]  # by the calendar's id


@lru_cache(maxsize=500)
def working_time(calendar: WorkingCalendar) -> WorkingTime:
    """The calendar to count with, the same as long as it does not change."""
    return WorkingTime(calendar)

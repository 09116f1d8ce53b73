"""When a report is mailed: every day, week or month at an hour of its owner's clock."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

Rhythm = Literal["daily", "weekly", "monthly"]


@dataclass(frozen=True)
class Schedule:
    """`weekday` (0 is Monday) counts for a weekly one, `month_day` for a monthly one.

    A month that is shorter than `month_day` has its turn on its last day.
    """

    rhythm: Rhythm
    hour: int
    weekday: int = 0
    month_day: int = 1

    def is_on(self, day: date) -> bool:
        """Whether this day has its turn."""
        match self.rhythm:
            case "daily":
                return True
            case "weekly":
                return day.weekday() == self.weekday
            case _:
                last = monthrange(day.year, day.month)[1]
                return day.day == min(self.month_day, last)


def next_moment(schedule: Schedule, zone: tzinfo, after: datetime) -> datetime:
    """The first moment of the schedule later than `after`, in UTC.

    An hour that a change of the clock leaves out counts from where it would have been; one that
    comes twice counts the first time.
    """
    # A zone may go back over midnight: a day earlier than it seems is early enough.
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        if schedule.is_on(day):
            moment = datetime.combine(day, time(schedule.hour), zone).astimezone(UTC)
            if moment > after:
                return moment
        day += timedelta(days=1)

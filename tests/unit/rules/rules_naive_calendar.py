"""A working calendar counted through, half an hour at a time.

Moments and working hours are whole halves of hours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from services.contracts.rules import WorkingCalendar

HALF_HOUR = timedelta(minutes=30)


@lru_cache(maxsize=100_000)
def on_calendar(
    calendar: WorkingCalendar, start: datetime, delay: int, unit: str
) -> datetime | None:
    """So much behind the start, or before it; a delay is of whole halves of hours."""
    zone = ZoneInfo(calendar.time_zone)
    if unit == "months":
        wall = start.astimezone(zone).replace(tzinfo=None) + relativedelta(months=delay)
        return wall.replace(tzinfo=zone).astimezone(UTC)
    if unit == "days" and delay:
        return _days_on(calendar, zone, start, delay)
    left, moment = delay * {"minutes": 1, "hours": 60, "days": 0}[unit] // 30, start
    if not left:
        while not _within(calendar, zone, moment):
            moment += HALF_HOUR
    while left > 0:
        left -= _is_open(calendar, zone, moment)
        moment += HALF_HOUR
    while left < 0:
        moment -= HALF_HOUR
        left += _is_open(calendar, zone, moment)
    return moment


def _days_on(calendar: WorkingCalendar, zone: ZoneInfo, start: datetime, delay: int) -> datetime:
    wall, left = start.astimezone(zone), abs(delay)
    day = wall.date()
    while left:
        day += timedelta(days=1 if delay > 0 else -1)
        left -= bool(_open_on(calendar, zone, day))
    opened = _open_on(calendar, zone, day)
    reached = sorted({moment + step for moment in opened for step in (HALF_HOUR * 0, HALF_HOUR)})
    same_time = datetime.combine(day, wall.time(), zone).astimezone(UTC)
    if delay > 0:
        return min((m for m in reached if m >= same_time), default=reached[-1])
    return max((m for m in reached if m <= same_time), default=reached[0])


@lru_cache(maxsize=10_000)
def _open_on(calendar: WorkingCalendar, zone: ZoneInfo, day: date) -> tuple[datetime, ...]:
    """The halves of hours of a local day at whose begin somebody works."""
    midnight = datetime.combine(day, time(), UTC) - timedelta(hours=24)
    halves = (midnight + number * HALF_HOUR for number in range(144))
    return tuple(
        m for m in halves if m.astimezone(zone).date() == day and _is_open(calendar, zone, m)
    )


def _within(calendar: WorkingCalendar, zone: ZoneInfo, moment: datetime) -> bool:
    return any(_is_open(calendar, zone, one) for one in (moment, moment - HALF_HOUR))


@lru_cache(maxsize=100_000)
def _is_open(calendar: WorkingCalendar, zone: ZoneInfo, moment: datetime) -> bool:
    wall = moment.astimezone(zone)
    if wall.date() in calendar.closed_days:
        return False
    return any(a <= f"{wall:%H:%M}" < b for a, b in calendar.hours[wall.weekday()])

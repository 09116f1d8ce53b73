"""Months as numbers, so that a database can sort, group and compare them."""

from __future__ import annotations

from datetime import UTC, date, datetime


def month_of(moment: datetime) -> int:
    """The month, in UTC, counted from January of the year 0."""
    return number_of(moment.astimezone(UTC).date())


def number_of(day: date) -> int:
    """The number of the month that this day lies in."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of the month of this number."""
    return date(month // 12, month % 12 + 1, 1)

"""Spans of time of a report: the quick choices, and the days that a row is about."""

from __future__ import annotations

from datetime import date, timedelta

from services.contracts.reports import ReportRow

Days = tuple[date, date]  # the first and the last, both inclusive


def days_of_period(period: str, today: date) -> Days:
    """The days of a quick choice, as they are today."""
    first = today.replace(day=1)
    match period:
        case "this_month":
            return first, last_of_month(first)
        case "last_month":
            before = first - timedelta(days=1)
            return before.replace(day=1), before
        case "this_year":
            return date(today.year, 1, 1), date(today.year, 12, 31)
        case _:
            # The months before, of which this one is the twelfth.
            begin = date(today.year - 1, today.month, 1)
            return last_of_month(begin) + timedelta(days=1), last_of_month(first)


def last_of_month(day: date) -> date:
    """The last day of the month of this one."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def days_of_row(row: ReportRow) -> tuple[date | None, date | None]:
    """On which days the cases of a row were opened; None where it is not cut by time."""
    spans = [
        _days_of(cut, text)
        for cut in ("day", "week", "month", "quarter", "year")
        if (text := getattr(row, cut)) is not None
    ]
    if not spans:
        return None, None
    return max(first for first, _ in spans), min(last for _, last in spans)


def _days_of(cut: str, text: str) -> Days:
    match cut:
        case "day":
            day = date.fromisoformat(text)
            return day, day
        case "week":
            year, _, week = text.partition("-W")
            monday = date.fromisocalendar(int(year), int(week), 1)
            return monday, monday + timedelta(days=6)
        case "month":
            first = date.fromisoformat(f"{text}-01")
            return first, last_of_month(first)
        case "quarter":
            year, _, quarter = text.partition("-Q")
            first = date(int(year), int(quarter) * 3 - 2, 1)
            return first, last_of_month(date(int(year), int(quarter) * 3, 1))
        case _:
            return date(int(text), 1, 1), date(int(text), 12, 31)

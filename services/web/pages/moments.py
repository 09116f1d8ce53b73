"""Moments and amounts as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from math import ceil
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

STEPS = (
    (60, 1, "just now"),
    (3600, 60, "{} min"),
    (86_400, 3600, "{} h"),
    (86_400 * 14, 86_400, "{} d"),
)


def zone_of(name: str) -> tzinfo:
    """The time zone of this name, UTC for one we do not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def relative(moment: datetime, now: datetime, zone: tzinfo, short: bool = False) -> str:
    """ "5 min ago", "in 3 d"; the day itself when it is more than two weeks away.

    `short` leaves the "ago" out, where it is clear that the moment is past.
    """
    seconds = (now - moment).total_seconds()
    for limit, unit, words in STEPS:
        if abs(seconds) < limit:
            if unit == 1:
                return words
            amount = words.format(int(abs(seconds) // unit))
            past = amount if short else f"{amount} ago"
            return past if seconds > 0 else f"in {amount}"
    local = moment.astimezone(zone)
    same_year = local.year == now.astimezone(zone).year
    return f"{local.day} {local:%b}" if same_year else f"{local.day} {local:%b %Y}"


def exact(moment: datetime, zone: tzinfo) -> str:
    """ "Wed 25 Nov 2026, 14:05"."""
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def day(value: date) -> str:
    """ "25 Nov 2026"."""
    return f"{value.day} {value:%b %Y}"


def amount(value: Decimal | None, currency: str = "") -> str:
    """ "1,200.50 EUR"; empty for none."""
    if value is None:
        return ""
    return f"{value:,.2f} {currency}".strip()


def hours(value: float | None) -> str:
    """A delay in hours as "12 min", "3.5 h" or "4.2 d"; a dash for none."""
    if value is None:
        return "–"
    if value < 1:
        return f"{value * 60:.0f} min"
    return f"{value:.1f} h" if value < 48 else f"{value / 24:.1f} d"


def duration(seconds: float | None) -> str:
    """A delay in seconds as "40 s", and as `hours` tells it from a minute on."""
    if seconds is not None and seconds < 60:
        return f"{max(seconds, 0):.0f} s"
    return hours(None if seconds is None else seconds / 3600)


def pause(wait: timedelta) -> str:
    """How long somebody has to wait, in whole minutes: "1 minute", "32 minutes"."""
    minutes = max(1, ceil(wait.total_seconds() / 60))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def month(text: str) -> str:
    """ "2026-11" as "Nov 2026"."""
    return f"{datetime.strptime(text, '%Y-%m'):%b %Y}"


def size(count: int) -> str:
    """A number of bytes as "18 kB"."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"

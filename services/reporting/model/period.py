"""Days as the asker's clocks count them, in moments that a database compares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.contracts.errors import InvalidRequest

YEARS = range(1900, 3000)  # so that no arithmetic on dates runs off the calendar


@dataclass(frozen=True)
class Period:
    """From `begin` up to, and without, `end`; None is open."""

    begin: datetime | None
    end: datetime | None


def zone_named(name: str) -> ZoneInfo:
    """The time zone of the IANA name. Raises InvalidRequest."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        what = f"{name!r} is no time zone; give a name like Europe/Brussels"
        raise InvalidRequest("time_zone", what) from error


def period_of(first: date | None, last: date | None, zone: ZoneInfo) -> Period:
    """The days from `first` to `last`, both inclusive, by the clocks of the zone.

    Raises InvalidRequest when they are the wrong way round or beyond any calendar.
    """
    for field, day in (("date_from", first), ("date_to", last)):
        if day is not None and day.year not in YEARS:
            raise InvalidRequest(field, f"must lie in the years {YEARS[0]} to {YEARS[-1]}")
    if first is not None and last is not None and last < first:
        raise InvalidRequest("date_to", f"must not be before date_from, which is {first}")
    return Period(
        midnight(first, zone) if first else None,
        midnight(last + timedelta(days=1), zone) if last else None,
    )


def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment at which the day begins.

    Where the clocks leap over midnight this is the leap; where it comes twice, the first.
    """
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)

"""Which months, and which stretches of time beside them, make up the rows of a report.

Sums are kept for each month in UTC; the asker's months begin by his own clocks. So his month is
that of UTC, with the cases of the hours between both beginnings put in or taken out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

from services.reporting.model.months import first_day, number_of
from services.reporting.model.period import midnight

Unit = Literal["day", "week", "month", "quarter", "year"]
Place = date | None  # the first day of a row's stretch of time; None where time does not cut


@dataclass(frozen=True)
class Window:
    """Cases created from `begin` to before `end` (seconds since 1970), which count for `place`."""

    place: Place
    begin: int
    end: int


@dataclass
class Cover:
    """What makes up a question: whole months in UTC by number, and windows put in or taken out."""

    months: dict[int, Place] = field(default_factory=dict)
    put_in: list[Window] = field(default_factory=list)
    taken_out: list[Window] = field(default_factory=list)


def first_of(unit: Unit, day: date) -> date:
    """The first day of the week, month or the like that this day lies in."""
    match unit:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, day.month - (day.month - 1) % 3, 1)
        case "year":
            return date(day.year, 1, 1)


def windows(unit: Unit | None, begin: int, end: int, zone: tzinfo) -> list[Window]:
    """The time from `begin` to before `end` (seconds since 1970), cut by the clocks of the zone."""
    if unit is None:
        return [Window(None, begin, end)] if begin < end else []
    first = first_of(unit, datetime.fromtimestamp(begin, zone).date())
    found: list[Window] = []
    for day, following in _stretches(unit, first):
        opens, closes = max(begin, seconds_at(day, zone)), min(end, seconds_at(following, zone))
        if seconds_at(day, zone) >= end:
            return found
        if opens < closes:
            found.append(Window(day, opens, closes))
    raise AssertionError("time has no end")


def cover(unit: Unit | None, begin: int, end: int, zone: tzinfo) -> Cover:
    """The same, of whole months wherever it can be. `unit` is no shorter than a month."""
    found = Cover()
    for part in windows("month", begin, end, zone):
        month = number_of(part.place or date.min)
        opens, closes = _bounds(month, zone)
        place = None if unit is None else first_of(unit, first_day(month))
        if (part.begin, part.end) != (opens, closes):
            found.put_in.append(Window(place, part.begin, part.end))
            continue
        found.months[month] = place
        opens_in_utc, closes_in_utc = _bounds(month, UTC)
        found.put_in += _stretch(place, opens, opens_in_utc)
        found.put_in += _stretch(place, closes_in_utc, closes)
        found.taken_out += _stretch(place, opens_in_utc, opens)
        found.taken_out += _stretch(place, closes, closes_in_utc)
    return _settled(found)


def joined_up(parts: Sequence[Window]) -> list[tuple[int, int]]:
    """Begin and end of the time that these windows, in their order, fill without a gap."""
    found: list[tuple[int, int]] = []
    for part in parts:
        if found and found[-1][1] == part.begin:
            found[-1] = (found[-1][0], part.end)
        else:
            found.append((part.begin, part.end))
    return found


def seconds_at(day: date, zone: tzinfo) -> int:
    """When the day begins by the clocks of the zone, in seconds since 1970."""
    return int(midnight(day, zone).timestamp())


def _settled(found: Cover) -> Cover:
    """What one month gives and the next one takes stays where it is when both are one row."""
    both = Counter(found.put_in) & Counter(found.taken_out)
    return Cover(
        found.months,
        list((Counter(found.put_in) - both).elements()),
        list((Counter(found.taken_out) - both).elements()),
    )


def _stretch(place: Place, begin: int, end: int) -> list[Window]:
    return [Window(place, begin, end)] if begin < end else []


def _bounds(month: int, zone: tzinfo) -> tuple[int, int]:
    return seconds_at(first_day(month), zone), seconds_at(first_day(month + 1), zone)


def _stretches(unit: Unit, first: date) -> Iterator[tuple[date, date]]:
    day = first
    while True:
        # Enough to come into the next stretch, and into none behind it.
        step = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}[unit]
        following = first_of(unit, day + timedelta(days=step))
        yield day, following
        day = following


def label(unit: Unit, day: date) -> str:
    """ "2026-11-25", "2026-W48", "2026-11", "2026-Q4", "2026"."""
    match unit:
        case "day":
            return day.isoformat()
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
        case "month":
            return f"{day:%Y-%m}"
        case "quarter":
            return f"{day:%Y}-Q{(day.month + 2) // 3}"
        case "year":
            return f"{day:%Y}"


def shortest(units: Sequence[Unit], *, priced: bool) -> Unit | None:
    """By what time has to be cut so that all of these can be told from it.

    Weeks lie across months. Money that is turned into another currency is `priced` by months.
    """
    wanted = set(units) | ({"month"} if priced else set())
    if not wanted:
        return None
    if "day" in wanted or ("week" in wanted and wanted != {"week"}):
        return "day"
    return next(unit for unit in ("week", "month", "quarter", "year") if unit in wanted)

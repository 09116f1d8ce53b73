"""Series of meetings: which rules are taken, and when the meetings of one begin (RFC 5545 §3.3.10).

A series keeps its clock time in its own time zone. A clock time that a change to summer time
leaves out is taken as if the clock had not been put forward (as RFC 5545 §3.3.5 has it); one
that comes twice is the first of the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from services.contracts.case_commands import LAST_YEAR

MOST_COUNTED = 1_000
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# What each frequency may be narrowed by. More would let a stranger's rule search for days.
NARROWED_BY: dict[str, frozenset[str]] = {
    "DAILY": frozenset({"BYDAY"}),
    "WEEKLY": frozenset({"BYDAY"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY", "BYSETPOS"}),
    "YEARLY": frozenset({"BYDAY", "BYMONTHDAY", "BYMONTH"}),
}
_PLAIN_DAYS = re.compile(r"(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*")
_COUNTED_DAYS = re.compile(r"(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*")
_SHAPES = {
    "INTERVAL": re.compile(r"[1-9]\d{0,2}"),
    "COUNT": re.compile(r"[1-9]\d{0,3}"),
    "UNTIL": re.compile(r"\d{8}(T\d{6}Z?)?"),
    "WKST": re.compile(r"MO|TU|WE|TH|FR|SA|SU"),
    "BYMONTHDAY": re.compile(r"(-1|[1-9]|[12]\d|3[01])(,(-1|[1-9]|[12]\d|3[01]))*"),
    "BYMONTH": re.compile(r"([1-9]|1[0-2])(,([1-9]|1[0-2]))*"),
    "BYSETPOS": re.compile(r"-?[1-5]"),
}


class BadRecurrence(ValueError):
    """A rule that is none, or none that we take; its text says what to do."""


def tidy_recurrence(given: str) -> str:
    """The rule in one way of writing it, "" for none.

    Raises BadRecurrence.
    """
    parts = _parts(given)
    if not parts:
        return ""
    frequency = parts.get("FREQ", "")
    if frequency not in NARROWED_BY:
        raise BadRecurrence("begin with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")
    usual = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
    for name, value in parts.items():
        if name not in usual | NARROWED_BY[frequency]:
            raise BadRecurrence(f"{name} is not taken together with FREQ={frequency}")
        _check_shape(frequency, name, value)
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadRecurrence("give COUNT or UNTIL, not both")
    if int(parts.get("COUNT", 1)) > MOST_COUNTED:
        raise BadRecurrence(f"COUNT is at most {MOST_COUNTED}; leave it out for a series for good")
    if "BYSETPOS" in parts and "BYDAY" not in parts:
        raise BadRecurrence("BYSETPOS counts the days of BYDAY; give that, too")
    return _written(parts)


def begins(recurrence: str, first: datetime, time_zone: str) -> Iterator[datetime]:
    """When the meetings of a series begin, in UTC, in order; `first` is the first of them.

    `recurrence` is one that `tidy_recurrence` gave. The series may be endless: take what is
    needed.
    """
    zone = ZoneInfo(time_zone or "UTC")
    for clock_time in _rule(recurrence, first.astimezone(zone).replace(tzinfo=None), zone):
        if clock_time.year > LAST_YEAR:
            return
        yield clock_time.replace(tzinfo=zone).astimezone(UTC)


def begins_between(
    recurrence: str, first: datetime, time_zone: str, begin: datetime, end: datetime
) -> list[datetime]:
    """Those of `begins` from `begin` to before `end`."""
    zone = ZoneInfo(time_zone or "UTC")
    rule = _rule(recurrence, first.astimezone(zone).replace(tzinfo=None), zone)
    day = timedelta(days=1)  # clock times are no moments: look a little further, then sort out
    low = begin.astimezone(zone).replace(tzinfo=None) - day
    high = end.astimezone(zone).replace(tzinfo=None) + day
    found = (one.replace(tzinfo=zone).astimezone(UTC) for one in rule.between(low, high, inc=True))
    return [one for one in found if begin <= one < end]


def last_begin(recurrence: str, first: datetime, time_zone: str) -> datetime | None:
    """When the last meeting begins; None for a series without an end."""
    parts = _parts(recurrence)
    if "COUNT" not in parts and "UNTIL" not in parts:
        return None
    last = first
    for one in begins(recurrence, first, time_zone):
        last = one
    return last


def starts_with(recurrence: str, first: datetime, time_zone: str) -> bool:
    """Whether the rule has its first meeting at `first`, as RFC 5545 §3.8.5.3 wants it."""
    return next(begins(recurrence, first, time_zone), None) == first


def ended_before(recurrence: str, first: datetime, time_zone: str, moment: datetime) -> str:
    """The rule of the meetings that begin before the moment; there has to be one."""
    last = max(begins_between(recurrence, first, time_zone, first, moment))
    parts = {k: v for k, v in _parts(recurrence).items() if k not in ("COUNT", "UNTIL")}
    return _written({**parts, "UNTIL": last.strftime("%Y%m%dT%H%M%SZ")})


def begun_at(recurrence: str, first: datetime, time_zone: str, moment: datetime) -> str:
    """The rule of the meetings from the moment on, at which one of them begins."""
    parts = _parts(recurrence)
    if "COUNT" in parts:
        before = begins_between(recurrence, first, time_zone, first, moment)
        parts["COUNT"] = str(int(parts["COUNT"]) - len(before))
    return _written(parts)


def put_off(recurrence: str, clock: timedelta, days: int) -> str:
    """The rule of a series that is moved by `clock` on its clock, and so by as many `days`.

    Raises BadRecurrence where the days of the rule cannot be moved with it.
    """
    parts = _parts(recurrence)
    if days % 7 and "BYDAY" in parts:
        if parts["FREQ"] != "WEEKLY":
            raise BadRecurrence("the series keeps to days of the week; change its rule instead")
        moved = [DAYS[(DAYS.index(day) + days) % 7] for day in parts["BYDAY"].split(",")]
        parts["BYDAY"] = ",".join(sorted(moved, key=DAYS.index))
    if days and {"BYMONTHDAY", "BYMONTH", "BYSETPOS"} & set(parts):
        raise BadRecurrence("the series keeps to days of the month; change its rule instead")
    if parts.get("UNTIL", "").endswith("Z"):
        until = datetime.strptime(parts["UNTIL"], "%Y%m%dT%H%M%SZ") + clock
        # An hour that summer time adds or takes may lie between; no two meetings are that near.
        parts["UNTIL"] = (until + timedelta(hours=2)).strftime("%Y%m%dT%H%M%SZ")
    elif "UNTIL" in parts:
        day = datetime.strptime(parts["UNTIL"][:8], "%Y%m%d") + timedelta(days=days)
        parts["UNTIL"] = day.strftime("%Y%m%d")
    return _written(parts)


def _written(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _parts(given: str) -> dict[str, str]:
    text = given.strip().upper().removeprefix("RRULE:")
    parts: dict[str, str] = {}
    for part in filter(None, text.split(";")):
        name, sign, value = part.partition("=")
        if not sign or not value or name in parts:
            raise BadRecurrence(f"{part!r} is no part of a rule such as FREQ=WEEKLY;BYDAY=MO,TH")
        parts[name] = value
    return parts


def _check_shape(frequency: str, name: str, value: str) -> None:
    if name == "FREQ":
        return
    counted = frequency in ("MONTHLY", "YEARLY")
    shape = (_COUNTED_DAYS if counted else _PLAIN_DAYS) if name == "BYDAY" else _SHAPES[name]
    if not shape.fullmatch(value):
        raise BadRecurrence(f"{name}={value} is nothing that {name} may be")


def _rule(recurrence: str, first: datetime, zone: ZoneInfo) -> rrule:
    """The rule over clock times: an UNTIL in UTC is read on the clock of the zone."""
    parts = _parts(recurrence)
    until = parts.get("UNTIL", "")
    if until.endswith("Z"):
        moment = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        parts["UNTIL"] = moment.astimezone(zone).strftime("%Y%m%dT%H%M%S")
    elif len(until) == 8:
        parts["UNTIL"] = until + "T235959"
    found = rrulestr(_written(parts), dtstart=first)
    assert isinstance(found, rrule)
    return found

"""When a case is: its start, end, whole days and series, from the form and back (C1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from services.contracts.case_commands import LONGEST_MINUTES
from services.contracts.cases import CaseSnapshot
from services.web.pages.form import Form
from services.web.pages.moments import zone_of
from services.web.pages.recurrence import (
    BOX,
    DAYS,
    KEPT,
    LONGEST_INTERVAL,
    MODES,
    MOST_COUNTED,
    UnfitStart,
    editor_texts,
    rule_of,
)
from services.web.time_zones import TIME_ZONES
from services.web.translation import gettext

MARK = "repeats"  # a form with this field has all of them: an empty box says something, too
BOXES = ("all_day", *(BOX + code for code in DAYS))
SERIES = ("repeats", "interval", "until", "count", *BOXES[1:])
NAMES = ("start", "end", "duration_minutes", "time_zone", "all_day", *SERIES)
A_DAY = 24 * 60


def time_texts(case: CaseSnapshot, zone_name: str) -> dict[str, str]:
    """What these fields hold for the case, on the clock of whoever looks."""
    texts = {
        "start": "",
        "end": "",
        "duration_minutes": "" if case.duration_minutes is None else str(case.duration_minutes),
        "all_day": "on" if case.all_day else "",
        "time_zone": case.time_zone or zone_name,
    }
    if case.start is None:
        return texts | editor_texts("", datetime.now(UTC), "")
    end = case.start + timedelta(minutes=case.duration_minutes or 0)
    if case.all_day:
        texts["start"] = f"{case.start.astimezone(UTC):%Y-%m-%d}"
        texts["end"] = f"{end.astimezone(UTC) - timedelta(minutes=1):%Y-%m-%d}"
    else:
        zone = zone_of(zone_name)
        texts["start"] = f"{case.start.astimezone(zone):%Y-%m-%dT%H:%M}"
        if case.duration_minutes is not None:
            texts["end"] = f"{end.astimezone(zone):%Y-%m-%dT%H:%M}"
    return texts | editor_texts(case.recurrence, case.start, case.time_zone)


def end_of(texts: dict[str, str]) -> dict[str, str]:
    """The end for a start and a length that the calendar gives, as clock times."""
    try:
        start = datetime.fromisoformat(texts.get("start", ""))
        minutes = float(texts.get("duration_minutes") or 0)
        end = start + timedelta(minutes=minutes)
    except (ValueError, OverflowError):
        return {}
    if texts.get("all_day"):
        last = max(start, end - timedelta(minutes=1))
        return {"start": f"{start:%Y-%m-%d}", "end": f"{last:%Y-%m-%d}"}
    return {"end": f"{end:%Y-%m-%dT%H:%M}"} if minutes else {}


def as_written(given: Mapping[str, str], before: dict[str, str]) -> dict[str, str]:
    """The texts of a form over those there were; a box that was emptied stays empty."""
    kept = {name: text for name, text in before.items() if MARK not in given or name not in BOXES}
    return kept | dict(given)


def read_times(
    form: Form, case: CaseSnapshot | None, before: dict[str, str], zone_name: str
) -> dict[str, Any]:
    """The fields of a case that these fields change; what is wrong is noted in the form."""
    if not form.has(MARK):
        return {}
    now = {name: form.given.get(name, before.get(name, "")) for name in NAMES if name not in BOXES}
    now |= {name: "on" if form.flag(name) else "" for name in BOXES}
    changed = {name for name in NAMES if now[name].strip() != before.get(name, "")}
    if not now["start"]:
        return _without_start(form, case, now)
    if not changed:
        return {}
    values: dict[str, Any] = {}
    start = _start(form, bool(now["all_day"]), zone_of(zone_name))
    if start is None:
        return {}
    if case is None or start != case.start:
        values["start"] = start
    if bool(now["all_day"]) != bool(case and case.all_day):
        values["all_day"] = bool(now["all_day"])
    values |= _duration(form, start, now, changed, zone_of(zone_name))
    values |= _series(form, case, start, now, changed)
    return values


def _without_start(form: Form, case: CaseSnapshot | None, now: dict[str, str]) -> dict[str, Any]:
    if now["repeats"] not in ("", KEPT) or (now["repeats"] == KEPT and case is None):
        form.errors["start"] = gettext("A series needs the start of its first meeting.")
        return {}
    if case is None or case.start is None:
        return {}
    emptied: dict[str, Any] = {"start": None, "duration_minutes": None, "all_day": False}
    return emptied | ({"recurrence": ""} if case.recurrence else {})


def _start(form: Form, all_day: bool, zone: tzinfo) -> datetime | None:
    start = form.moment("start", UTC if all_day else zone)
    if start is None:
        return None
    if all_day:
        return start.replace(hour=0, minute=0, second=0, microsecond=0)
    if len(form.text("start") or "") <= len("2026-11-25"):
        form.errors["start"] = gettext("Give a time, too, or tick “All day”.")
        return None
    return start.astimezone(UTC)


def _duration(
    form: Form, start: datetime, now: dict[str, str], changed: set[str], zone: tzinfo
) -> dict[str, Any]:
    """By its end where that was written, else by its length."""
    all_day = bool(now["all_day"])
    if now["end"] and changed & {"end", "all_day"}:
        end = form.moment("end", UTC if all_day else zone)
        if end is None:
            return {}
        if all_day:
            end = end.replace(hour=0, minute=0) + timedelta(days=1)
        # By the moments: clock times are off where summer time comes or goes between.
        minutes = int((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() // 60)
        if not 0 <= minutes <= LONGEST_MINUTES:
            form.errors["end"] = gettext("It must not end before it begins, nor a year later.")
            return {}
        return {"duration_minutes": minutes}
    if changed & {"duration_minutes", "all_day"}:
        minutes_given = form.number("duration_minutes", 0, LONGEST_MINUTES)
        return {"duration_minutes": minutes_given}
    return {}


def _series(
    form: Form,
    case: CaseSnapshot | None,
    start: datetime,
    now: dict[str, str],
    changed: set[str],
) -> dict[str, Any]:
    zone = form.choice("time_zone", TIME_ZONES) or "UTC"
    if now["all_day"]:
        zone = "UTC"
    check_series(form)
    if form.errors or now["repeats"] == KEPT:
        moved = case is not None and "time_zone" in changed and case.recurrence
        return {"time_zone": zone} if moved and not form.errors else {}
    if not changed & {"start", "time_zone", "all_day", *SERIES}:
        return {}
    texts = _following_start(now, case, start, zone, changed)
    try:
        rule = rule_of(texts, start, zone)
    except UnfitStart as error:
        form.errors["repeats"] = str(error)
        return {}
    there = case.recurrence if case else ""
    if not changed & set(SERIES) and _same_days(rule, there):
        rule = there  # an end that is told to the second stays
    values: dict[str, Any] = {} if rule == there else {"recurrence": rule}
    if rule and (case is None or zone != case.time_zone):
        values["time_zone"] = zone
    return values


def _same_days(rule: str, there: str) -> bool:
    def days(one: str) -> list[str]:
        return sorted(part for part in one.split(";") if not part.startswith("UNTIL="))

    return days(rule) == days(there)


def _following_start(
    now: dict[str, str],
    case: CaseSnapshot | None,
    start: datetime,
    zone: str,
    changed: set[str],
) -> dict[str, str]:
    """A weekly meeting that moves to another day of the week goes on on that day."""
    if case is None or case.start is None or changed & set(SERIES):
        return now
    ticked = [code for code in DAYS if now[BOX + code]]
    before = DAYS[case.start.astimezone(ZoneInfo(case.time_zone or "UTC")).weekday()]
    if ticked != [before]:
        return now
    after = DAYS[start.astimezone(ZoneInfo(zone)).weekday()]
    return {**now, BOX + before: "", BOX + after: "on"}


def check_series(form: Form) -> None:
    """Note in the form what is wrong with how it repeats."""
    mode = form.choice("repeats", (*MODES, KEPT))
    if mode is None or mode == KEPT:
        return
    form.number("interval", 1, LONGEST_INTERVAL)
    form.day("until")
    form.number("count", 1, MOST_COUNTED)
    if form.text("until") and form.text("count"):
        form.errors["count"] = gettext("Give a last day or a number of times, not both.")

"""What a person gives of a case's time: start, duration, whole days, a series and its zone (C1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.cases.actions.check_time_zone import check_time_zone
from services.cases.model.recurrence import BadRecurrence, starts_with, tidy_recurrence
from services.contracts.cases import CaseSnapshot
from services.contracts.errors import InvalidRequest

MINUTES_OF_A_DAY = 24 * 60
FIELDS = ("start", "duration_minutes", "all_day", "recurrence", "time_zone")


def calendar_values(given: dict[str, Any], before: CaseSnapshot | None) -> dict[str, Any]:
    """The values of a case for those of FIELDS that were given; empty when none was.

    Raises InvalidRequest for what does not go together.
    """
    values = {name: given[name] for name in FIELDS if name in given}
    if not values:
        return {}
    _tidy(values)
    held = {name: getattr(before, name, None) for name in FIELDS}
    after = {**held, **values}
    if after["recurrence"]:
        _check_series(after)
    if after["all_day"] and after["start"] is not None:
        values |= _whole_days(after["start"], after["duration_minutes"])
    if before is not None and before.occurrences and _is_another_series(held, after):
        values["occurrences"] = ()
    return values


def _tidy(values: dict[str, Any]) -> None:
    """A field that is emptied holds what no field holds: null is but how a form says it."""
    if "all_day" in values:
        values["all_day"] = bool(values["all_day"])
    if "time_zone" in values:
        values["time_zone"] = values["time_zone"] or ""
        if values["time_zone"]:
            check_time_zone(values["time_zone"])
    if "recurrence" in values:
        try:
            values["recurrence"] = tidy_recurrence(values["recurrence"] or "")
        except BadRecurrence as error:
            raise InvalidRequest("recurrence", str(error)) from error


def _check_series(after: dict[str, Any]) -> None:
    if after["start"] is None:
        raise InvalidRequest("start", "a series needs the start of its first meeting")
    zone = "UTC" if after["all_day"] else after["time_zone"] or ""
    if not starts_with(after["recurrence"], after["start"], zone):
        told = "its first meeting is not at the start; let the case start on a day of the rule"
        raise InvalidRequest("recurrence", told)


def _whole_days(start: datetime, minutes: int | None) -> dict[str, Any]:
    if (start.hour, start.minute, start.second, start.microsecond) != (0, 0, 0, 0):
        raise InvalidRequest("start", "what takes whole days begins at 00:00 UTC of its first day")
    days = max(1, -(-(minutes or 0) // MINUTES_OF_A_DAY))
    return {"duration_minutes": days * MINUTES_OF_A_DAY, "time_zone": "UTC"}


def _is_another_series(held: dict[str, Any], after: dict[str, Any]) -> bool:
    return any(held[name] != after[name] for name in ("start", "recurrence", "time_zone"))

"""The meetings that a case stands for: its own one, or those of its series."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from services.cases.model.recurrence import begins_between
from services.contracts.cases import CaseSnapshot, Occurrence


class Slot(NamedTuple):
    """When one meeting of a series is, and when the series would have begun it."""

    start: datetime
    end: datetime
    original: datetime
    moved: bool = False


def slots(case: CaseSnapshot, begin: datetime, end: datetime) -> list[Slot]:
    """The meetings of a series that touch the time from `begin` to before `end`, in order."""
    assert case.start is not None
    lasts = timedelta(minutes=case.duration_minutes or 0)
    elsewhere = {one.original for one in case.occurrences}
    usual = begins_between(case.recurrence, case.start, case.time_zone, begin - lasts, end)
    found = [Slot(one, one + lasts, one) for one in usual if one not in elsewhere]
    found += [_moved(one) for one in case.occurrences if not one.cancelled]
    return sorted(slot for slot in found if touches(slot.start, slot.end, begin, end))


def touches(start: datetime, end: datetime, begin: datetime, until: datetime) -> bool:
    """Whether what lasts from `start` to `end`, perhaps but a moment, touches the window."""
    return start < until and (end > begin or start >= begin)


def is_of_series(case: CaseSnapshot, original: datetime) -> bool:
    """Whether the series has, or would have, a meeting that begins then."""
    assert case.start is not None
    moment = timedelta(seconds=1)
    found = begins_between(case.recurrence, case.start, case.time_zone, original, original + moment)
    return original in found


def _moved(one: Occurrence) -> Slot:
    end = one.start + timedelta(minutes=one.duration_minutes)
    return Slot(one.start, end, one.original, moved=True)

"""From when to when a case stands in calendars, as the columns that calendars ask by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from services.cases.model.recurrence import last_begin
from services.contracts.case_commands import LAST_YEAR
from services.contracts.cases import CaseSnapshot

# A short meeting that touches a window begins at most this long before it: the index finds it
# by its begin alone. Long ones and series, few as they are, are all looked at.
SHORT = timedelta(days=7)
SHORT_SPAN, LONG_SPAN = 1, 2
FOR_GOOD = datetime(LAST_YEAR, 12, 31, tzinfo=UTC)


def calendar_columns(case: CaseSnapshot) -> dict[str, Any]:
    """`start_at`, `end_at` and `span` of the case; None throughout for one without a start."""
    if case.start is None:
        return {"start_at": None, "end_at": None, "span": None}
    lasts = timedelta(minutes=case.duration_minutes or 0)
    begin, end = case.start, case.start + lasts
    if case.recurrence:
        last = last_begin(case.recurrence, case.start, case.time_zone)
        end = FOR_GOOD if last is None else last + lasts
    for one in case.occurrences:
        begin = min(begin, one.start)
        end = max(end, one.start + timedelta(minutes=one.duration_minutes))
    is_short = not case.recurrence and lasts <= SHORT
    return {"start_at": begin, "end_at": end, "span": SHORT_SPAN if is_short else LONG_SPAN}

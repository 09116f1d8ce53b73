"""When a deadline that a rule sets is: computed as the rule fires, so that cases need no calendar.

A contract's deadlines are such rules (docs/decisions/0009).
"""

from __future__ import annotations

from datetime import UTC, datetime

from services.contracts.cases import CaseSnapshot
from services.contracts.rules import Action, SetDeadline
from services.rules.model.schedule import later
from services.rules.model.working_time import WorkingTimes


def with_moments(
    actions: tuple[Action, ...], case: CaseSnapshot, fired_at: datetime, calendars: WorkingTimes
) -> tuple[Action, ...]:
    """The actions with the moment of each deadline; none for one that cannot be computed."""
    return tuple(
        action.model_copy(update={"moment": _moment(action, case, fired_at, calendars)})
        if isinstance(action, SetDeadline)
        else action
        for action in actions
    )


def _moment(
    action: SetDeadline, case: CaseSnapshot, fired_at: datetime, calendars: WorkingTimes
) -> datetime | None:
    since = (case.created_at if action.since == "creation" else fired_at).astimezone(UTC)
    if action.calendar_id is None:
        return later(since, action.delay, action.unit)
    working = calendars.get(action.calendar_id)
    return working.add(since, action.delay, action.unit) if working else None

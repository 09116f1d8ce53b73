"""When a timed rule is due for a case, and what makes it due once more (A2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta

from services.contracts.cases import CaseSnapshot
from services.contracts.rules import Rule, Trigger
from services.rules.model.transition import names_a_state

_OF_THE_DATE = {
    "creation": "its creation",
    "last_action": "the last action on it",
    "deadline": "its deadline",
}


def is_timed(rule: Rule) -> bool:
    """Whether the rule fires by a date and not on the event itself."""
    return rule.trigger.date != "none"


def due_moment(trigger: Trigger, case: CaseSnapshot) -> datetime | None:
    """When the rule is due, in UTC; None while there is no date, or beyond the calendar.

    Months are those of the calendar: a month from 31 January is 28 or 29 February.
    """
    start = _start(trigger, case)
    if start is None:
        return None
    try:
        if trigger.unit == "months":
            due: datetime = start + relativedelta(months=trigger.delay)
            return due
        return start + timedelta(**{trigger.unit: trigger.delay})
    except (OverflowError, ValueError):
        return None


def episode_of(rule: Rule, case: CaseSnapshot) -> str:
    """The key of what the rule fires for once: a new date or a new stay in a state is a new one."""
    since = case.state_since
    match rule.trigger.date:
        case "creation":
            parts = [case.created_at, *([since] if names_a_state(rule.criteria) else [])]
        case "last_action":
            parts = [case.last_action_at]
        case "deadline":
            parts = [*([case.deadline] if case.deadline else []), since]
        case _:
            parts = [since]
    return " ".join([rule.trigger.date, *(_text(part) for part in parts)])


def words_for_date(trigger: Trigger, case: CaseSnapshot) -> str:
    """Why now: "it is 2 days after its creation"."""
    unit = trigger.unit.removesuffix("s") if abs(trigger.delay) == 1 else trigger.unit
    distance = f"{abs(trigger.delay)} {unit}"
    if trigger.date == "state":
        return f"it has been {case.state} for {distance}"
    date = _OF_THE_DATE[trigger.date]
    if trigger.delay == 0:
        return f"it is the time of {date}"
    return f"it is {distance} {'after' if trigger.delay > 0 else 'before'} {date}"


def _start(trigger: Trigger, case: CaseSnapshot) -> datetime | None:
    match trigger.date:
        case "creation":
            start: datetime | None = case.created_at
        case "last_action":
            start = case.last_action_at
        case "deadline":
            start = case.deadline
        case "state":
            start = case.state_since
        case _:
            start = None
    return start.astimezone(UTC) if start else None


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")

"""When a timed rule is due for a case, and what makes it due once more (A2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta

from services.contracts.cases import CaseSnapshot
from services.contracts.rules import Rule, Trigger, Unit
from services.rules.model.transition import names_a_state
from services.rules.model.working_time import WorkingTime

_OF_THE_DATE = {
    "creation": "its creation",
    "last_action": "the last action on it",
    "deadline": "its deadline",
    "response_deadline": "its response deadline",
    "start": "its start",
}


def is_timed(rule: Rule) -> bool:
    """Whether the rule fires by a date and not on the event itself."""
    return rule.trigger.date != "none"


def due_moment(
    trigger: Trigger, case: CaseSnapshot, working: WorkingTime | None = None
) -> datetime | None:
    """When the rule is due, in UTC; None while there is no date, or beyond the calendar.

    `working` is the calendar that the trigger names.
    """
    start = _start(trigger, case)
    return None if start is None else later(start, trigger.delay, trigger.unit, working)


def later(
    start: datetime, delay: int, unit: Unit, working: WorkingTime | None = None
) -> datetime | None:
    """So many units behind the start, in UTC; None beyond the calendar.

    Months are those of the calendar: a month from 31 January is 28 or 29 February.
    """
    if working is not None:
        return working.add(start, delay, unit)
    try:
        if unit == "months":
            moved: datetime = start + relativedelta(months=delay)
            return moved
        return start + timedelta(**{unit: delay})
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
            parts = [*_given(case.deadline), since]
        case "response_deadline":
            parts = [*_given(case.response_deadline), since]
        case "start":
            parts = [*_given(case.start), since]
        case _:
            parts = [since]
    return " ".join([rule.trigger.date, *(_text(part) for part in parts)])


def words_for_date(trigger: Trigger, case: CaseSnapshot, working: WorkingTime | None = None) -> str:
    """Why now: "it is 2 working hours (Office) after its creation"."""
    unit = trigger.unit.removesuffix("s") if abs(trigger.delay) == 1 else trigger.unit
    distance = f"{abs(trigger.delay)} {unit}"
    if working is not None and trigger.unit != "months":
        distance = f"{abs(trigger.delay)} working {unit} ({working.name})"
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
        case "response_deadline":
            start = None if case.responded_at else case.response_deadline
        case "start":
            start = case.start
        case "state":
            start = case.state_since
        case _:
            start = None
    return start.astimezone(UTC) if start else None


def _given(moment: datetime | None) -> list[datetime]:
    return [] if moment is None else [moment]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")

"""docs/decisions/0006 read sentence by sentence, for whoever compares the service with it.

Slow, and apart from the code of the service: nothing is imported from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from services.contracts.cases import CaseEvent, CaseSnapshot
from services.contracts.rules import Rule

LONGEST_CHAIN = 8
CLOSED = ("done", "cancelled")


@dataclass(frozen=True)
class Heard:
    """The last that was heard of a case, and whence it came into its state, where that was seen."""

    event: CaseEvent
    came_from: str

    @property
    def case(self) -> CaseSnapshot:
        return self.event.data.case


def hears(before: Heard | None, event: CaseEvent) -> Heard | None:
    """What is known of the case behind the event; one older than the last heard tells nothing."""
    if before is not None and event.version <= before.event.version:
        return before
    data = event.data
    if data.state_before != data.case.state:
        return Heard(event, data.state_before or "none")
    same_stay = before is not None and before.case.state_since == data.case.state_since
    return Heard(event, before.came_from if before is not None and same_stay else "unknown")


def holds(rule: Rule, case: CaseSnapshot) -> bool:
    """All criteria but those on the state, one after the other; a merged case is for none."""
    c = rule.criteria
    responsible = case.responsible.id if case.responsible else None
    return all(
        (
            case.merged_into is None,
            c.priority in (None, case.priority),
            c.kind in (None, case.kind),
            c.responsible_id in (None, responsible),
            c.tag is None or c.tag in case.tags,
            c.subject_contains is None or c.subject_contains.lower() in case.subject.lower(),
        )
    )


def fires_on(rule: Rule, event: CaseEvent) -> bool:
    """Whether a rule without a date is for the event."""
    before, case, c = event.data.state_before, event.data.case, rule.criteria
    if c.state_from == "none" and before is not None:
        return False
    if c.state_from not in ("any", "none", before) or c.state_to not in ("any", case.state):
        return False
    links = rule_links(event)
    if links and links[-1] == str(rule.id):
        return False
    named = {
        "priority": c.priority,
        "kind": c.kind,
        "responsible": c.responsible_id,
        "tags": c.tag,
        "subject": c.subject_contains,
    }
    changed = [change.field for change in event.data.changes]
    could = before != case.state or any(named.get(field) is not None for field in changed)
    if c.state_from == c.state_to != "any":
        could = could or bool(changed) or event.actor.kind != "rule"
    return could and holds(rule, case)


def rule_links(event: CaseEvent) -> list[str]:
    """The rules that led to the event, the last one last."""
    return [link.id for link in event.cause if link.kind == "rule"]


def episode(rule: Rule, case: CaseSnapshot) -> tuple[Any, ...]:
    """For what a rule with a date fires once."""
    by_state = (rule.criteria.state_from, rule.criteria.state_to) != ("any", "any")
    keys: dict[str, tuple[Any, ...]] = {
        "creation": (case.state_since,) if by_state else (),
        "last_action": (case.last_action_at,),
        "deadline": (case.deadline, case.state_since),
        "response_deadline": (case.response_deadline, case.state_since),
        "start": (case.start, case.state_since),
        "state": (case.state_since,),
    }
    return (rule.trigger.date, *keys[rule.trigger.date])


def due(rule: Rule, heard: Heard) -> datetime | None:
    """When a rule with a date is due for the case, or None while it does not wait for it."""
    case, c = heard.case, rule.criteria
    if case.state in CLOSED and c.state_to != case.state:
        return None
    if c.state_to not in ("any", case.state):
        return None
    if c.state_from not in ("any", c.state_to, heard.came_from):
        return None
    starts = {
        "creation": case.created_at,
        "last_action": case.last_action_at,
        "deadline": case.deadline,
        "response_deadline": None if case.responded_at else case.response_deadline,
        "start": case.start,
        "state": case.state_since,
    }
    start = starts[rule.trigger.date]
    if start is None or not holds(rule, case):
        return None
    if rule.trigger.unit == "months":
        return start + relativedelta(months=rule.trigger.delay)
    return start + timedelta(**{rule.trigger.unit: rule.trigger.delay})

"""Cases, events and rules for the tests of the rules service; a test names what matters to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from services.contracts.cases import (
    CaseCreated,
    CaseData,
    CaseEvent,
    CaseMessageAdded,
    CaseSnapshot,
    CaseStateChanged,
    CaseUpdated,
    Change,
    MessageAdded,
    Ref,
)
from services.contracts.envelope import Actor, Link
from services.contracts.rules import Rule
from services.rules.model.rulebook import RuleBook, rulebook
from services.runtime.identity import new_id

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DEMO = Ref(id=2, name="Demo User")
ACME = Ref(id=5, name="Acme")
CONTRACT, GOLD = 10, 11  # "Support Contract" and "Support Contract / Gold"
NAMES = {("partner_category", GOLD): "Support Contract / Gold", ("section", 1): "Support"}
HIGH = {"do": "set_priority", "priority": "high"}
A5: dict[str, Any] = {
    "name": "Copy to an expert after 2 days",
    "criteria": {"state_from": "open", "state_to": "open", "responsible_id": DEMO.id},
    "trigger": {"date": "creation", "delay": 2, "unit": "days"},
    "actions": [
        {"do": "add_watchers", "addresses": ["expert@mycompany.example"]},
        {"do": "remind", "whom": "responsible"},
    ],
}
A6: dict[str, Any] = {
    "name": "Priority to Gold partners",
    "criteria": {"state_to": "open", "partner_category_id": GOLD},
    "actions": [HIGH],
}


def hours(number: float) -> datetime:
    """So many hours after START."""
    return START + timedelta(hours=number)


def snapshot(**values: Any) -> CaseSnapshot:
    """A case in the state open, made at START."""
    made = {
        "number": 101,
        "version": 1,
        "subject": "The printer burns",
        "state": "open",
        "kind": "helpdesk",
        "created_at": START,
        "last_action_at": START,
        "state_since": START,
    }
    return CaseSnapshot.model_validate({**made, **values})


def rule(**values: Any) -> Rule:
    """A rule that sets the priority."""
    return Rule.model_validate({"id": 1, "name": "A rule", "actions": [HIGH], **values})


def book(*rules: Rule) -> RuleBook:
    return rulebook(1, rules, NAMES)


def created(case: CaseSnapshot | None = None, **more: Any) -> CaseEvent:
    return event(CaseCreated, case or snapshot(), None, **more)


def moved(before: str, case: CaseSnapshot, **more: Any) -> CaseEvent:
    changes = (Change(field="state", before=before, after=case.state),)
    return event(CaseStateChanged, case, before, changes=changes, **more)


def updated(case: CaseSnapshot, *fields: str, **more: Any) -> CaseEvent:
    """These fields of the case have changed; none when it is a mere note in the history."""
    changes = tuple(Change(field=field, before="before", after="after") for field in fields)
    return event(CaseUpdated, case, case.state, changes=changes, **more)


def noted(case: CaseSnapshot, **more: Any) -> CaseEvent:
    """A note was added to the discussion."""
    message = MessageAdded(message_number=1, kind="note", direction="internal", author="Demo")
    return event(CaseMessageAdded, case, case.state, message=message, **more)


def event(
    kind: type[CaseEvent],
    case: CaseSnapshot,
    before: str | None,
    *,
    cause: tuple[Link, ...] = (),
    actor: Actor | None = None,
    at: datetime | None = None,
    **data: Any,
) -> CaseEvent:
    return kind(
        id=new_id(),
        type=kind.TYPE,
        occurred_at=at or max(case.last_action_at, case.state_since),
        case_id=case.number,
        version=case.version,
        actor=actor or Actor(kind="user", id=3, name="Ann Agent"),
        cause=cause,
        data=CaseData.model_validate({"case": case, "state_before": before, **data}),
    )


def rule_link(id: int) -> Link:
    return Link(kind="rule", id=str(id), name=f"Rule {id}")


def by_rule(id: int) -> dict[str, Any]:
    """What an event carries that the rule with this id has caused."""
    return {
        "actor": Actor(kind="rule", id=id, name=f"Rule {id}"),
        "cause": (rule_link(id), Link(kind="event", id=new_id(), name="rule.fired")),
    }

"""The rules read slowly and literally: all rules, all cases, at each look (docs/decisions/0006).

Nothing here is taken from the engine but what its words mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from unit.rules.rules_naive_calendar import on_calendar

from services.contracts.cases import CaseEvent, CaseSnapshot
from services.contracts.envelope import Link
from services.contracts.rules import Rule, Trigger, WorkingCalendar

LONGEST_CHAIN = 8
Expected = tuple[int, int, bool, tuple[str, ...], tuple[datetime | None, ...]]


@dataclass
class Waits:
    """Since an event a rule has waited for a case, in this episode."""

    episode: Any
    cause: tuple[Link, ...]


@dataclass
class Naive:
    """Says what must fire: rule, case, whether it is cut off, what led there, and deadlines."""

    calendars: dict[int, WorkingCalendar]
    rules: dict[int, Rule] = field(default_factory=dict)
    cases: dict[int, CaseSnapshot] = field(default_factory=dict)
    came_from: dict[int, str] = field(default_factory=dict)
    waits: dict[tuple[int, int], Waits] = field(default_factory=dict)
    done: set[tuple[int, int, Any]] = field(default_factory=set)

    def save(self, rule: Rule, moment: datetime) -> None:
        """What is overdue for a saved rule is left alone."""
        self.rules[rule.id] = rule
        for number in self.cases:
            due = self.due(rule, number)
            episode = self.episode(rule, number)
            if due is None or (rule.id, number, episode) in self.done:
                continue
            if due <= moment:
                self.done.add((rule.id, number, episode))
            else:
                self.waits[rule.id, number] = Waits(episode, ())

    def hear(self, events: Sequence[CaseEvent]) -> list[Expected]:
        """Events come in: what fires on them."""
        fired = [one for event in events for one in self._on(event)]
        for event in events:
            data = event.data
            self.cases[event.case_id] = data.case
            if data.state_before != data.case.state:
                self.came_from[event.case_id] = data.state_before or "none"
        for event in {event.case_id: event for event in events}.values():
            self._arm(event)
        return fired

    def look(self, moment: datetime) -> list[Expected]:
        """The clock is read: what fires by its date."""
        fired = []
        for rule in self.rules.values():
            for number in self.cases:
                due, episode = self.due(rule, number), self.episode(rule, number)
                if due is None or due > moment or (rule.id, number, episode) in self.done:
                    continue
                self.done.add((rule.id, number, episode))
                cause = self.waits.pop((rule.id, number)).cause
                fired.append(self._expected(rule, self.cases[number], cause, moment))
        return fired

    def _on(self, event: CaseEvent) -> Iterator[Expected]:
        told_of_a_stop = any(link.name == "rule.stopped" for link in event.cause)
        if told_of_a_stop or event.data.case.merged_into is not None:
            return
        for rule in sorted(self.rules.values(), key=lambda one: (one.order, one.id)):
            if rule.active and rule.trigger.date == "none" and is_for(rule, event):
                yield self._expected(rule, event.data.case, event.caused(), event.occurred_at)
                if rule.stop:
                    return

    def _arm(self, event: CaseEvent) -> None:
        for rule in self.rules.values():
            key = (rule.id, event.case_id)
            due, episode = self.due(rule, event.case_id), self.episode(rule, event.case_id)
            if due is None or (*key, episode) in self.done:
                self.waits.pop(key, None)
            elif key not in self.waits or self.waits[key].episode != episode:
                at_once = due <= event.occurred_at
                self.waits[key] = Waits(episode, event.caused() if at_once else ())

    def due(self, rule: Rule, number: int) -> datetime | None:
        case, wanted = self.cases[number], rule.criteria
        start = date_of(rule.trigger, case)
        if not rule.active or start is None or case.merged_into is not None:
            return None
        if case.state in ("done", "cancelled") and wanted.state_to != case.state:
            return None
        if wanted.state_to not in ("any", case.state) or not holds(rule, case):
            return None
        if wanted.state_from not in ("any", wanted.state_to, self.came_from[number]):
            return None
        return self.count(start, rule.trigger)

    def episode(self, rule: Rule, number: int) -> Any:
        case = self.cases[number]
        names_a_state = (rule.criteria.state_from, rule.criteria.state_to) != ("any", "any")
        return {
            "none": None,
            "creation": case.state_since if names_a_state else None,
            "last_action": case.last_action_at,
            "deadline": (case.deadline, case.state_since),
            "response_deadline": (case.response_deadline, case.state_since),
            "start": (case.start, case.state_since),
            "state": case.state_since,
        }[rule.trigger.date]

    def count(self, start: datetime, by: Any) -> datetime | None:
        calendar = self.calendars.get(by.calendar_id)
        if calendar is not None:
            return on_calendar(calendar, start, by.delay, by.unit)
        if by.unit == "months":
            moved: datetime = start + relativedelta(months=by.delay)
            return moved
        return start + timedelta(**{by.unit: by.delay})

    def _expected(
        self, rule: Rule, case: CaseSnapshot, cause: tuple[Link, ...], moment: datetime
    ) -> Expected:
        stopped = sum(link.kind == "rule" for link in cause) >= LONGEST_CHAIN
        deadlines = [
            self.count(case.created_at if action.since == "creation" else moment, action)
            for action in rule.actions
            if action.do == "set_deadline" and not stopped
        ]
        return (rule.id, case.number, stopped, ids(cause), tuple(deadlines))


def ids(cause: Sequence[Link]) -> tuple[str, ...]:
    return tuple(link.id for link in cause)


def is_for(rule: Rule, event: CaseEvent) -> bool:
    """Whether a rule on the change itself is for the event."""
    data, wanted = event.data, rule.criteria
    before, case = data.state_before, data.case
    if wanted.state_from not in ("any", before or "none"):
        return False
    if wanted.state_to not in ("any", case.state):
        return False
    led = [link.id for link in event.cause if link.kind == "rule"]
    if led and led[-1] == str(rule.id):
        return False
    could = before != case.state or bool(changed(event) & named(rule))
    if wanted.state_from == wanted.state_to != "any":
        could = could or bool(data.changes) or event.actor.kind != "rule"
    return could and holds(rule, case)


def changed(event: CaseEvent) -> set[str]:
    found = {change.field for change in event.data.changes if change.field != "custom"}
    for change in event.data.changes:
        if change.field == "custom":
            codes = {*change.before, *change.after}
            differ = (c for c in codes if change.before.get(c) != change.after.get(c))
            found |= {f"custom {code}" for code in differ}
    return found


def named(rule: Rule) -> set[str]:
    """The fields that the criteria name."""
    c = rule.criteria
    given = {
        "section": c.section_id,
        "category": c.category_id,
        "responsible": c.responsible_id,
        "priority": c.priority,
        "partner": c.partner_id or c.partner_category_id,
        "partner_categories": c.partner_category_id,
        "kind": c.kind,
        "subject": c.subject_contains,
        "tags": c.tag,
        **{f"custom {code}": value for code, value in c.custom.items()},
    }
    return {name for name, value in given.items() if value is not None}


def holds(rule: Rule, case: CaseSnapshot) -> bool:
    """All that is given must hold, one after the other; states are judged apart."""
    c = rule.criteria
    id_of = {
        name: getattr(case, name).id if getattr(case, name) else None
        for name in ("section", "category", "responsible", "partner")
    }
    within = c.section_id in case.section_path if c.with_subsections else None
    return all(
        [
            c.section_id is None
            or (id_of["section"] == c.section_id if within is None else within),
            c.category_id in (None, id_of["category"]),
            c.responsible_id in (None, id_of["responsible"]),
            c.partner_id in (None, id_of["partner"]),
            c.priority in (None, case.priority),
            c.kind in (None, case.kind),
            c.partner_category_id is None or c.partner_category_id in case.partner_categories,
            c.subject_contains is None or c.subject_contains.lower() in case.subject.lower(),
            c.tag is None or c.tag.lower() in [tag.lower() for tag in case.tags],
            *(same(case.custom.get(code), value) for code, value in c.custom.items()),
        ]
    )


def same(actual: Any, wanted: Any) -> bool:
    if isinstance(actual, dict):
        return bool(actual["id"] == wanted)
    if isinstance(wanted, str) and isinstance(actual, str):
        return actual.lower() == wanted.lower()
    return bool(actual == wanted)


def date_of(trigger: Trigger, case: CaseSnapshot) -> datetime | None:
    return {
        "none": None,
        "creation": case.created_at,
        "last_action": case.last_action_at,
        "deadline": case.deadline,
        "response_deadline": None if case.responded_at else case.response_deadline,
        "start": case.start,
        "state": case.state_since,
    }[trigger.date]

"""A machine beside the rules service that knows, read literally, what should fire when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import time_machine
from hypothesis.stateful import RuleBasedStateMachine
from integration.rules.rules_bench import Bench, bench
from support.rules_read_literally import (
    LONGEST_CHAIN,
    Heard,
    due,
    episode,
    fires_on,
    hears,
    rule_links,
)
from unit.rules.rules_builders import hours

from services.contracts.cases import CaseEvent
from services.contracts.envelope import Envelope
from services.contracts.rules import Rule, RuleFired, RuleStopped
from services.runtime.clock import now
from services.runtime.database import Database

Episode = tuple[int, int, Any]  # a rule's id, a case's number, and what it fires for once


class RulesMachine(RuleBasedStateMachine):
    """Two processes of the service on one database, and what they should have done."""

    new_database: ClassVar[Callable[[], Database]]

    def __init__(self) -> None:
        super().__init__()
        self._travel = time_machine.travel(hours(0), tick=False)
        self.clock = self._travel.start()
        self.database = type(self).new_database()
        self.processes = [bench(self.database), Bench(self.database)]
        self.rules: dict[int, Rule] = {}
        self.heard: dict[int, Heard] = {}
        self.taken: set[str] = set()
        self.fired: set[Episode] = set()
        self.left_alone: set[Episode] = set()
        self.orders: list[RuleFired] = []
        self.told = 0

    def teardown(self) -> None:
        self.database.close()
        self._travel.stop()

    # What the service does, each time compared with what it should

    def take_in(self, process: Bench, messages: Sequence[Envelope]) -> None:
        expected: list[tuple[str, int, Any]] = []
        fresh = {one.id: one for one in messages if one.id not in self.taken}
        for event in fresh.values():
            assert isinstance(event, CaseEvent)
            for rule in self._active(timed=False):
                if fires_on(rule, event):
                    stopped = len(rule_links(event)) >= LONGEST_CHAIN
                    expected.append(("stopped" if stopped else "fired", rule.id, event.case_id))
        assert process.take_in(*messages) == []
        self.taken |= set(fresh)
        for event in sorted(fresh.values(), key=lambda one: one.version or 0):
            assert isinstance(event, CaseEvent)
            now_known = hears(self.heard.get(event.case_id), event)
            if now_known is not None:
                self.heard[event.case_id] = now_known
        assert sorted(self._told()) == sorted(expected)

    def sweep(self, process: Bench) -> None:
        moment = now()
        expected = {one for one, at in self._waits().items() if at <= moment}
        process.sweep()
        told = self._told()
        assert len(set(told)) == len(told)
        assert {one[1:] for one in told} == {one[:2] for one in expected}
        assert not expected & self.fired
        self.fired |= expected

    def save(self, process: Bench, fields: dict[str, Any], **more: Any) -> None:
        """Save a rule; the answer tells how many cases it waits for and how many it leaves."""
        waited = self._waits()
        answer = process.save(fields, **more)
        rule = Rule.model_validate(answer["rule"])
        if more.get("check_only"):
            assert self._told() == []
            return
        self.rules[rule.id] = rule
        if more.get("fire_overdue") and rule.active:
            self.left_alone = {one for one in self.left_alone if one[0] != rule.id}
        moment = now()
        overdue = {
            one
            for one, at in self._waits(rule).items()
            if at <= moment and waited.get(one) != at and not more.get("fire_overdue")
        }
        self.left_alone |= overdue
        assert answer["overdue"] == len(overdue)
        assert answer["armed"] == len(self._waits(rule))
        assert self._told() == []

    def _active(self, *, timed: bool) -> list[Rule]:
        return [
            rule
            for rule in self.rules.values()
            if rule.active and (rule.trigger.date != "none") == timed
        ]

    def _waits(self, only: Rule | None = None) -> dict[Episode, Any]:
        """All that has neither fired nor was left alone, with its due time."""
        found: dict[Episode, Any] = {}
        for rule in self._active(timed=True):
            for number, heard in self.heard.items() if only in (None, rule) else ():
                at = due(rule, heard)
                key = (rule.id, number, episode(rule, heard.case))
                if at is not None and key not in self.fired | self.left_alone:
                    found[key] = at
        return found

    def _told(self) -> list[tuple[str, int, int]]:
        """What was published by either process since this was asked before."""
        told = []
        for message in self.processes[0].published():
            assert isinstance(message, RuleFired | RuleStopped)
            assert message.case_id is not None
            if isinstance(message, RuleFired):
                self.orders.append(message)
            outcome = "fired" if isinstance(message, RuleFired) else "stopped"
            told.append((outcome, message.data.rule_id, message.case_id))
        self.told += len(told)
        return told

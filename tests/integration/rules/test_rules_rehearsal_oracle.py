"""A rehearsal tells what the engine would have fired: here the engine itself has done it (A9).

Random cases change at random moments under a moved clock, with all rules active and doing
nothing. Afterwards each rule is rehearsed over the same time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from integration.rules.rules_bench import Bench, bench
from sqlalchemy import func, select
from unit.rules.rules_builders import START, event, rule_link, snapshot

from services.contracts.cases import CaseEvent, CaseSnapshot, CaseUpdated, Change, Ref
from services.contracts.envelope import Actor, Link
from services.rules import tables
from services.rules.actions.save_calendar import save_calendar
from services.runtime.database import Database
from services.runtime.identity import new_id

CASES, EVENTS, RULES, DAYS, BEFORE = 40, 9, 14, 12, 6
SEEDS = range(3)
STATES = ("draft", "open", "pending", "done", "cancelled")
NOTE = {"do": "add_note", "text": "it fired"}


def random_criteria(random: Random) -> dict[str, Any]:
    choices: dict[str, Any] = {
        "state_from": random.choice(["none", *STATES]),
        "state_to": random.choice(["open", *STATES]),
        "priority": random.choice(["low", "high"]),
        "kind": "claim",
        "subject_contains": "fire",
        "partner_category_id": 11,
        "tag": "vip",
    }
    names = random.sample(sorted(choices), random.choice([0, 1, 1, 2]))
    return {name: choices[name] for name in names}


def random_rule(random: Random, number: int, calendar_id: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": f"Rule {number}",
        "order": random.choice([1, 2, 3]),
        "criteria": random_criteria(random),
        "actions": [NOTE],
        "stop": random.random() < 0.1,
    }
    if random.random() < 0.6:
        date = random.choice(["creation", "last_action", "deadline", "state", "start"])
        unit = random.choice(["hours", "hours", "days"])
        on_calendar = random.random() < 0.3
        made["trigger"] = {
            "date": date,
            "delay": random.randint(-30, 60) if unit == "hours" else random.randint(-2, 4),
            "unit": unit,
            "calendar_id": calendar_id if on_calendar else None,
        }
    return made


def random_values(random: Random, at: datetime) -> dict[str, Any]:
    """Some new values of a case."""
    choices: dict[str, Any] = {
        "state": random.choice(STATES),
        "priority": random.choice(["low", "high"]),
        "kind": random.choice(["claim", "helpdesk"]),
        "subject": random.choice(["Fire!", "hello"]),
        "partner_categories": random.choice([(), (10, 11)]),
        "tags": random.choice([(), ("vip",)]),
        "deadline": at + timedelta(hours=random.randint(-24, 72)),
        "start": random.choice([None, at + timedelta(hours=random.randint(-24, 72))]),
        "section": random.choice([None, Ref(id=1, name="one")]),
    }
    names = random.sample(sorted(choices), random.choice([0, 0, 1, 1, 2, 3]))
    return {name: choices[name] for name in names}


def random_cause(random: Random) -> tuple[Link, ...]:
    length = random.choice([0, 0, 0, 1, 1, 2, 7, 8, 9])
    cause = tuple(rule_link(random.randint(1, RULES)) for _ in range(length))
    if random.random() < 0.05:
        cause += (Link(kind="event", id=new_id(), name="rule.stopped"),)
    return cause


def random_life(random: Random, number: int) -> Iterator[CaseEvent]:
    """The events of a case, in order."""
    span = int((DAYS + BEFORE) * 24 * 60)
    begin = START - timedelta(days=BEFORE)
    moments = sorted(random.sample(range(1, span), random.randint(1, EVENTS)))
    case: CaseSnapshot | None = None
    for version, minutes in enumerate(moments, 1):
        at = begin + timedelta(minutes=minutes)
        before, case = case, changed(random, case, number, version, at)
        actor: Any = random.choice(["user", "partner", "rule", "system"])
        yield event(
            CaseUpdated,
            case,
            before.state if before else None,
            changes=differences(before, case),
            cause=random_cause(random),
            actor=Actor(kind=actor, id=1),
            at=at,
        )


def changed(
    random: Random, before: CaseSnapshot | None, number: int, version: int, at: datetime
) -> CaseSnapshot:
    values = random_values(random, at) | {"version": version}
    if before is None:
        dates = {"created_at": at, "last_action_at": at, "state_since": at}
        return snapshot(number=number, **(values | dates))
    if random.random() < 0.5:
        values["last_action_at"] = at
    if values.get("state", before.state) != before.state:
        values["state_since"] = at
    return before.model_copy(update=values)


def differences(before: CaseSnapshot | None, after: CaseSnapshot) -> tuple[Change, ...]:
    old = before.model_dump(mode="json") if before else {}
    new = after.model_dump(mode="json")
    unseen = {"version", "last_action_at", "state_since"}
    return tuple(
        Change(field=name, before=old.get(name), after=value)
        for name, value in new.items()
        if value != old.get(name) and name not in unseen
    )


class World:
    """The engine under a clock that stops at each event and each due time."""

    def __init__(self, service: Bench, clock: time_machine.Traveller) -> None:
        self.service = service
        self.clock = clock
        self.at = START - timedelta(days=BEFORE)

    def go_to(self, moment: datetime) -> None:
        """Let time pass; what falls due before the moment fires when it does."""
        while (due := self._next_due()) is not None and due < moment:
            self._move(max(due, self.at))
            self.service.sweep()
        self._move(moment)

    def happen(self, events: Sequence[CaseEvent]) -> None:
        for one in events:
            self.go_to(one.occurred_at)
            assert self.service.take_in(one) == []
            self.service.sweep()

    def _move(self, moment: datetime) -> None:
        self.at = moment
        self.clock.move_to(moment)

    def _next_due(self) -> datetime | None:
        with self.service.transactions.database.read() as connection:
            moment: datetime | None = connection.scalar(select(func.min(tables.due_times.c.due_at)))
        return moment


@pytest.mark.parametrize("seed", SEEDS)
def test_A9_a_rehearsal_tells_what_the_engine_fires(database: Database, seed: int) -> None:
    random = Random(seed)
    lives = [one for number in range(1, CASES + 1) for one in random_life(random, number)]
    lives.sort(key=lambda one: one.occurred_at)
    end = START + timedelta(days=DAYS)
    with time_machine.travel(START - timedelta(days=BEFORE), tick=False) as clock:
        world = World(bench(database), clock)
        service = world.service
        world.happen([one for one in lives if one.occurred_at <= START])
        world.go_to(START)
        calendar = save_calendar(
            service.transactions, {"idempotency_key": new_id(), "fields": {"name": "Office"}}
        )
        rules = [
            service.save(random_rule(random, number, calendar["id"]))["rule"]["id"]
            for number in range(1, RULES + 1)
        ]
        world.happen([one for one in lives if one.occurred_at > START])
        world.go_to(end)
        service.sweep()
        told = {id: service.try_rule(id=id, days=DAYS, limit=1000) for id in rules}
    fired = {id: service.firings(rule_id=id, limit=10_000) for id in rules}
    for id in rules:
        there = [one for one in fired[id] if one.outcome == "fired"]
        expected = sorted((one.case_number, one.at, one.why) for one in there)
        assert sorted((one.case_number, one.at, one.why) for one in told[id].items) == expected
        assert (told[id].count, told[id].cases) == (
            len(there),
            len({one.case_number for one in there}),
        )
    assert len([id for id in rules if told[id].count]) >= 4

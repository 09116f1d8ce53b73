"""Random events, clock moves and rules: each timed rule fires once for each episode (A2, A10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from integration.rules import rules_strategies as given
from integration.rules.rules_dice import Dice
from integration.rules.rules_machine import RulesMachine
from integration.rules.rules_strategies import When
from sqlalchemy import func, select
from structlog.testing import capture_logs
from support.machines import NewDatabase, postgresql_databases, sqlite_databases, walk
from support.postgresql import PostgresqlServer
from unit.rules.rules_builders import DEMO, event, hours, snapshot

from services.contracts.cases import (
    CaseCreated,
    CaseEvent,
    CaseSnapshot,
    CaseStateChanged,
    CaseUpdated,
    Change,
)
from services.contracts.directory import User, UserChanged
from services.contracts.envelope import Actor
from services.contracts.errors import InvalidRequest
from services.rules import tables
from services.runtime.clock import now
from services.runtime.identity import new_id

pytestmark = pytest.mark.timeout(480)  # hypothesis shrinks what it found for up to five minutes

ON_TIME = When(late=False, minutes=0, swept=False)


class Desk(RulesMachine):
    """What happens to cases and rules, and reaches the service late, twice or out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.cases: dict[int, CaseSnapshot] = {}
        self.on_the_way: list[CaseEvent] = []
        self.delivered: list[CaseEvent] = []
        self.demo = User(id=DEMO.id, login="demo", name=DEMO.name)

    @initialize(
        rules=st.lists(st.tuples(given.criteria, given.triggers), min_size=2, max_size=3),
        cases=st.lists(st.tuples(given.state, given.case_changes), min_size=1, max_size=2),
    )
    def begin(self, rules: list[Any], cases: list[Any]) -> None:
        for criteria, trigger in rules:
            self.add_rule(0, criteria, trigger, fire_overdue=False)
        for state, values in cases:
            self.open_case(state, values, ON_TIME)

    # Cases

    @rule(state=given.state, values=given.case_changes, when=given.when)
    def open_case(self, state: str, values: dict[str, Any], when: When) -> None:
        number = len(self.cases) + 1
        dates = {"created_at": now(), "last_action_at": now(), "state_since": now()}
        case = snapshot(number=number, state=state, **dates, **_moments(values))
        self.cases[number] = case
        self._tell(event(CaseCreated, case, None, at=now()), when)

    @rule(at=given.pick, values=given.case_changes, move=given.pick, when=given.when)
    def change_case(self, at: int, values: dict[str, Any], move: int, when: When) -> None:
        """Fields change and, for most moves, the state; now and then it is merged, or by a rule."""
        before = self._case(at)
        values = _moments(values)
        if move == 30:
            values = {**values, "merged_into": 99}
        elif move < 20:
            moves = given.MOVES[before.state]
            values = {**values, "state": moves[move % len(moves)], "state_since": now()}
        self._happen(before, values, when, by_rule=move % 5 == 4)

    @precondition(lambda self: self.orders)
    @rule(at=given.pick, when=given.when)
    def obey(self, at: int, when: When) -> None:
        """The cases service does what a rule ordered: its event carries the chain."""
        order = self.orders.pop(at % len(self.orders))
        assert order.case_id is not None
        before = self.cases[order.case_id]
        values = {"priority": "normal" if before.priority == "high" else "high"}
        self._happen(before, values, when, cause=order.caused(), actor=order.actor)

    # The bus and the clock

    @rule(
        on=given.either,
        at=st.lists(given.pick, min_size=1, max_size=4),
        again=st.lists(given.pick, max_size=2),
    )
    def deliver(self, on: int, at: list[int], again: list[int]) -> None:
        """What was late comes, in any order and some of it twice, with what came before."""
        messages: list[CaseEvent] = []
        for one in at:
            if self.on_the_way:
                messages.append(self.on_the_way.pop(one % len(self.on_the_way)))
        repeated = [self.delivered[one % len(self.delivered)] for one in again if self.delivered]
        self.delivered += messages
        self.take_in(self.processes[on], [*messages, *repeated, *messages[:1]])

    @rule(on=given.either, minutes=given.minutes)
    def wait_and_sweep(self, on: int, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))
        self.sweep(self.processes[on])

    @rule(seed=st.integers(0, 2**32 - 1))
    def busy_day(self, seed: int) -> None:
        """Many of these steps in a row, by dice."""
        dice = Dice(seed)
        for _ in range(25):
            match dice.randrange(12):
                case 0:
                    self.open_case(dice.state(), dice.case_changes(), dice.when())
                case 1:
                    fields, criteria = dice.rule_changes(), dice.criteria()
                    self.save_a_rule(0, dice.pick(), fields, criteria, dice.trigger())
                case 2:
                    self.deliver(1, [dice.pick(), dice.pick()], [dice.pick()])
                case 3 if self.orders:
                    self.obey(dice.pick(), dice.when())
                case 4 if self.left_alone:
                    self.fire_what_was_left_alone(0, dice.pick())
                case 5:  # as it is, behind two hours that no sweep has seen
                    self.save_a_rule(0, dice.choice((6, 10, 18)), {}, {}, {})
                case _:
                    self.change_case(dice.pick(), dice.case_changes(), dice.pick(), dice.when())

    # Rules

    def add_rule(self, on: int, criteria: Any, trigger: Any, *, fire_overdue: bool) -> None:
        fields = {
            "name": f"Rule {new_id()}",
            "criteria": criteria,
            "trigger": trigger,
            "actions": [{"do": "set_priority", "priority": "high"}],
        }
        self._save(on, fields, fire_overdue=fire_overdue)

    @rule(
        on=given.either,
        at=given.pick,
        criteria=given.criteria,
        trigger=given.triggers | st.just(given.NO_DATE),
        fields=given.rule_changes,
    )
    def save_a_rule(self, on: int, at: int, fields: Any, criteria: Any, trigger: Any) -> None:
        """A new one, or changes to one there is; or that is only checked.

        Now and then behind a time that no sweep has seen: what waited then is due, not overdue.
        """
        self.clock.shift(timedelta(hours=at % 4))
        fire_overdue, check_only = at % 2 == 1, at % 3 == 2
        if at > 20:
            self.add_rule(on, criteria, trigger, fire_overdue=fire_overdue)
            return
        there = self.rules[sorted(self.rules)[at % len(self.rules)]]
        which = {"id": there.id, "version": there.version}
        self._save(on, fields, **which, fire_overdue=fire_overdue, check_only=check_only)

    @precondition(lambda self: self.left_alone)
    @rule(on=given.either, at=given.pick)
    def fire_what_was_left_alone(self, on: int, at: int) -> None:
        ids = sorted({episode[0] for episode in self.left_alone})
        there = self.rules[ids[at % len(ids)]]
        self._save(on, {}, id=there.id, version=there.version, fire_overdue=True)

    @rule(on=given.either, active=st.booleans())
    def demo_leaves_or_returns(self, on: int, active: bool) -> None:
        """Rules that name him are switched off when he leaves, and stay so."""
        left = self.demo.active and not active
        self.demo = self.demo.model_copy(
            update={"active": active, "version": self.demo.version + 1}
        )
        said = UserChanged(id=new_id(), occurred_at=now(), data=self.demo)
        assert self.processes[on].take_in(said) == []
        for one in self.rules.values() if left else ():
            if one.active and one.criteria.responsible_id == DEMO.id:
                found = self.processes[on].rule(one.name)
                assert (found.active, DEMO.name in found.problem) == (False, True)
                self.rules[one.id] = found

    def teardown(self) -> None:
        """At the end all is delivered and swept once more, and nothing has fired twice."""
        if self.on_the_way:
            self.take_in(self.processes[0], self.on_the_way)
        self.sweep(self.processes[1])
        t = tables.firings
        with self.database.read() as connection:
            acted = select(func.count()).select_from(t).where(t.c.outcome != "skipped")
            assert connection.scalar(acted) == self.told
        super().teardown()

    def _case(self, at: int) -> CaseSnapshot:
        return self.cases[at % len(self.cases) + 1]

    def _tell(self, happened: CaseEvent, when: When) -> None:
        """It reaches the service at once or stays on the way; then time goes by."""
        if when.late:
            self.on_the_way.append(happened)
        else:
            self.delivered.append(happened)
            self.take_in(self.processes[0], [happened])
        self.clock.shift(timedelta(minutes=when.minutes))
        if when.swept:
            self.sweep(self.processes[1])

    def _happen(
        self, before: CaseSnapshot, values: dict[str, Any], when: When, **more: Any
    ) -> None:
        by_rule = more.pop("by_rule", False) or "actor" in more
        if by_rule:
            more.setdefault("actor", Actor(kind="rule", id=999, name="Another"))
        else:
            values = {**values, "last_action_at": now()}
        after = snapshot(**{**before.model_dump(), **values, "version": before.version + 1})
        differ = [
            Change(field=field, before="before", after="after")
            for field in (*changes_of(before, after),)
        ]
        kind = CaseStateChanged if after.state != before.state else CaseUpdated
        self.cases[after.number] = after
        happened = event(kind, after, before.state, changes=tuple(differ), at=now(), **more)
        self._tell(happened, when)

    def _save(self, on: int, fields: dict[str, Any], **more: Any) -> None:
        old = self.rules[more["id"]].model_dump(mode="json") if "id" in more else {}
        saved = {"active": True, **old, **fields}
        away = not self.demo.active and self.demo.version > 1
        if away and saved["active"] and saved["criteria"].get("responsible_id") == DEMO.id:
            with pytest.raises(InvalidRequest, match=r"criteria\.responsible_id"):
                self.processes[on].save(fields, **more)
            return
        self.save(self.processes[on], fields, **more)


def changes_of(before: CaseSnapshot, after: CaseSnapshot) -> list[str]:
    """The fields that an event tells as changed."""
    told = ("state", "priority", "kind", "responsible", "tags", "subject", "deadline")
    told += ("response_deadline", "responded_at", "start", "merged_into")
    return [field for field in told if getattr(before, field) != getattr(after, field)]


def _moments(values: dict[str, Any]) -> dict[str, Any]:
    """Hours from the beginning become moments."""
    return {
        name: hours(value) if isinstance(value, int) else value for name, value in values.items()
    }


def test_A2_A10_each_episode_fires_once_and_when_it_is_due_on_sqlite(tmp_path: Path) -> None:
    with capture_logs():
        walk(Desk, sqlite_databases(tmp_path, "rules"), examples=40, steps=20)


@pytest.fixture
def schemas(postgresql: PostgresqlServer) -> Iterator[NewDatabase]:
    """Databases of PostgreSQL, each empty."""
    with postgresql_databases(postgresql) as new_database:
        yield new_database


def test_A2_A10_each_episode_fires_once_and_when_it_is_due_on_postgresql(
    schemas: NewDatabase,
) -> None:
    with capture_logs():
        walk(Desk, schemas, examples=3, steps=10)

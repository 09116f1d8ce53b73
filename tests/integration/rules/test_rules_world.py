"""The whole service against all rules read literally for all cases at each tick (A1-A4, A10).

Everything comes from a seed: rules of every criterion and trigger, cases that people change,
a clock that is moved by minutes or days, calendars over a change to summer time, chains of
rules, messages that come twice, rules saved meanwhile, and a service started anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from integration.rules.rules_bench import Bench
from integration.rules.rules_world import BEGIN, CALENDARS, HALF_HOUR, World
from unit.rules.rules_naive import Expected, Naive, ids

from services.contracts.cases import CaseEvent
from services.contracts.envelope import Envelope
from services.contracts.rules import Rule, RuleFired
from services.rules.actions.save_calendar import save_calendar
from services.rules.bookshelf import Bookshelf
from services.runtime.database import Database
from services.runtime.identity import new_id
from services.runtime.migration import migrate_database

WORLDS, TICKS, RULES = 15, 12, 12
NEW_CASES = 10  # at each tick


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rules") / "empty.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate_database(database, "rules")
    with database.write() as connection:
        connection.exec_driver_sql("SELECT 1")
    database.close()
    return path


@pytest.fixture
def database(empty: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "world.sqlite3"
    shutil.copy(empty, path)
    made = Database(f"sqlite:///{path}")
    yield made
    made.close()


class Run:
    """A world, the service and its naive reading, side by side."""

    def __init__(self, seed: int, database: Database) -> None:
        self.world, self.naive = World(seed), Naive(CALENDARS)
        self.random = self.world.random
        self.service = Bench(database)
        self.service.cases.away = True  # so that rules are taken on trust
        self.moment = BEGIN
        self.fired = 0
        for calendar in CALENDARS.values():
            fields = calendar.model_dump(mode="json", exclude={"id", "version"})
            command = {"idempotency_key": new_id(), "fields": fields}
            save_calendar(self.service.transactions, command)

    def save_rule(self) -> None:
        fields = self.world.rule(len(self.naive.rules) + 1)
        answer = self.service.save(fields)
        self.naive.save(Rule.model_validate(answer["rule"]), self.moment)

    def tick(self) -> None:
        """People act, rules fire, cases obey, until all is quiet."""
        first = len(self.world.cases) + 1
        events = [self.world.new_case(n, self.moment) for n in range(first, first + NEW_CASES)]
        numbers = self.random.sample(sorted(self.world.cases), 8)
        events += [self.world.act(number, self.moment) for number in numbers]
        self._settle(events)

    def _settle(self, events: list[CaseEvent]) -> None:
        while events:
            expected = self.naive.hear(events)
            self._take_in(events)
            told = self._compare(expected)
            events = [self.world.obey(message, self.moment) for message in told]

    def _take_in(self, events: list[CaseEvent]) -> None:
        assert self.service.take_in(*events) == []
        if self.random.random() < 0.1:
            assert self.service.take_in(*events) == []

    def _compare(self, expected: list[Expected]) -> list[Envelope]:
        told = list(self.service.published())
        assert sorted(map(_told, told), key=repr) == sorted(expected, key=repr)
        self.fired += len(told)
        return told

    def start_anew(self) -> None:
        """Another process takes over the database."""
        self.service.bookshelf = Bookshelf()

    def look(self) -> None:
        """Timed rules fire, and what they did may make others due at once."""
        for _ in range(40):
            self.service.sweep()
            told = self._compare(self.naive.look(self.moment))
            if not told:
                return
            self._settle([self.world.obey(message, self.moment) for message in told])
        raise AssertionError("it does not come to rest")

    def move_clock(self) -> datetime:
        self.moment += HALF_HOUR * self.random.choice((1, 3, 10, 48, 100))
        return self.moment


def _told(message: Envelope) -> Expected:
    fired = isinstance(message, RuleFired)
    cause = message.cause[:-1] if fired else message.cause
    actions = message.data.actions if fired else ()
    moments = tuple(action.moment for action in actions if action.do == "set_deadline")
    return (message.data.rule_id, message.case_id or 0, not fired, ids(cause), moments)


@pytest.mark.parametrize("seed", range(WORLDS))
def test_A2_A4_A10_the_service_does_what_the_rules_say_literally(
    seed: int, database: Database
) -> None:
    with time_machine.travel(BEGIN, tick=False) as clock:
        run = Run(seed, database)
        for _ in range(RULES):
            run.save_rule()
        for _ in range(TICKS):
            run.tick()
            run.look()
            clock.move_to(run.move_clock())
            run.look()
            if run.random.random() < 0.3:
                run.save_rule()
            if run.random.random() < 0.2:
                run.start_anew()
        assert run.fired > 0

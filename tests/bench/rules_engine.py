"""Rules: one event against ever more rules, and a sweep among ever more cases.

By itself: `python -m bench.rules_engine --rules 1000 --cases 100000`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import text
from support.postgresql import PostgresqlServer
from unit.rules.rules_builders import book, created, moved, noted, rule, snapshot, updated

from services.contracts.cases import CaseEvent, CaseSnapshot, Ref
from services.messaging.transaction import Transactions
from services.rules import store, tables
from services.rules.actions.sweep import sweep
from services.rules.actions.take_in import take_in
from services.rules.bookshelf import Bookshelf
from services.rules.model.engine import judge
from services.rules.model.schedule import episode_of
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.migration import migrate_database

RULES = (10, 100, 1_000, 10_000)
CASES = (10_000, 1_000_000)
DUE = 1_000
ROUNDS = 5
EVENTS_AT_ONCE = 100
TIMED: dict[str, Any] = {
    "name": "After a week",
    "trigger": {"date": "creation", "delay": 7, "unit": "days"},
    "actions": [{"do": "remind", "whom": "responsible"}],
}
CASE = snapshot(
    subject="The printer on the third floor burns",
    partner=Ref(id=7, name="Acme"),
    partner_categories=[10, 11],
    section=Ref(id=1, name="Support"),
    section_path=[1, 4],
    responsible=Ref(id=2, name="Demo User"),
    tags=["vip"],
)


def measure_rules(
    rules: Sequence[int] = RULES, cases: Sequence[int] = CASES, round_trip_ms: float | None = None
) -> None:
    """Print all figures; `round_trip_ms` is a bare round trip of the same run."""
    for count in rules:
        _one_event(count, round_trip_ms)
    for name, databases in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        with databases() as new:
            for count in rules:
                _taken_in(name, new(), count)
            _sweeps(name, new, cases)


def _criteria(number: int) -> dict[str, Any]:
    """What rules of a busy company ask for: each for something of its own."""
    asked: tuple[dict[str, Any], ...] = (
        {"state_to": "open", "partner_id": 1000 + number},
        {"section_id": 1000 + number, "with_subsections": True, "priority": "high"},
        {"partner_category_id": 1000 + number, "kind": "helpdesk"},
        {"state_from": "none", "tag": f"tag {number}"},
        {"subject_contains": f"order {number}"},
        {"responsible_id": 1000 + number, "state_from": "open", "state_to": "open"},
    )
    return asked[number % len(asked)]


def _fields(count: int) -> Iterator[dict[str, Any]]:
    """So many rules, one of which is for the case."""
    yield {"name": "Gold", "criteria": {"state_to": "open", "partner_category_id": 11}}
    for number in range(1, count):
        yield {"name": f"Rule {number}", "criteria": _criteria(number)}


def _one_event(count: int, round_trip_ms: float | None) -> None:
    rules = book(*(rule(id=id, **fields) for id, fields in enumerate(_fields(count), 1)))
    events = {
        "opened": moved("draft", CASE),
        "changed": updated(CASE, "priority", "tags"),
        "a note": noted(CASE),
    }
    print(f"one event against {count:>6} rules:", end="")
    for name, event in events.items():
        judge(event, rules)  # the index is made with the first
        milliseconds = _repeated(lambda event=event: judge(event, rules), 200)  # type: ignore[misc]
        print(f"  {name} {milliseconds:.3f} ms", end="")
        if round_trip_ms:
            print(f" ({milliseconds / round_trip_ms:.3f} round trips)", end="")
    print()


def _taken_in(name: str, database: Database, count: int) -> None:
    """The same with all that the service does about an event, in full batches."""
    transactions = Transactions(database, tables.outbox, tables.inbox)
    with transactions.begin() as transaction:
        store.move_revision(transaction.connection)
        for fields in _fields(count):
            store.add_rule(transaction.connection, rule(**fields))
    shelf, numbers = Bookshelf(), iter(range(1, 10**9))

    def batch() -> list[CaseEvent]:
        made = (CASE.model_copy(update={"number": next(numbers)}) for _ in range(EVENTS_AT_ONCE))
        return [created(case) for case in made]

    take_in(transactions, shelf, batch())
    times = []
    for _ in range(ROUNDS):
        events = batch()
        times.append(_timed(lambda events=events: take_in(transactions, shelf, events)))  # type: ignore[misc]
    print(f"{name}: an event taken in with {count:>6} rules: ", end="")
    print(f"{median(times) / EVENTS_AT_ONCE:.2f} ms")


def _sweeps(name: str, new: Callable[[], Database], cases: Sequence[int]) -> None:
    first = None
    for count in cases:
        database = new()
        milliseconds = _sweep(database, count)
        first = first or milliseconds
        print(f"{name}: {DUE} due among {count:>9} open cases: {milliseconds:.0f} ms", end="")
        print(f" = {milliseconds / first:.2f} of that among {cases[0]}")


def _sweep(database: Database, cases: int) -> float:
    """Each round other cases are due, spread over all of them; the first only warms up."""
    transactions, shelf = Transactions(database, tables.outbox, tables.inbox), Bookshelf()
    moment = now()
    with transactions.begin() as transaction:
        store.move_revision(transaction.connection)
        made = store.add_rule(transaction.connection, rule(**TIMED))
    case = snapshot(number=0, created_at=moment, last_action_at=moment, state_since=moment)
    _fill(database, case, cases, episode_of(made, case))
    times = []
    for number in range(ROUNDS + 1):
        _make_due(database, max(cases // DUE, ROUNDS + 1), number, moment)
        times.append(_timed(lambda: sweep(transactions, shelf)))
    return median(times[1:])


def _fill(database: Database, case: CaseSnapshot, cases: int, episode: str) -> None:
    """So many open cases, for each of which the rule waits."""
    begin, _, end = case.model_dump_json().partition('"number":0')
    with database.write() as connection:
        cases_rows = text(
            "WITH RECURSIVE numbers(n) AS"
            " (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :cases)"
            " INSERT INTO known_cases"
            " (case_number, version, state, came_from, state_since, snapshot)"
            " SELECT n, 1, 'open', 'none', :since,"
            " CAST(:begin AS text) || n || CAST(:end AS text) FROM numbers"
        )
        since = _written(database, case.state_since)
        given = {"cases": cases, "since": since, "begin": f'{begin}"number":', "end": end}
        connection.execute(cases_rows, given)
        due_rows = text(
            "INSERT INTO due_times (rule_id, case_number, episode, due_at, cause)"
            " SELECT 1, case_number, :episode, :due, '[]' FROM known_cases"
        )
        due = _written(database, case.created_at + timedelta(days=7))
        connection.execute(due_rows, {"episode": episode, "due": due})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _make_due(database: Database, stride: int, number: int, moment: datetime) -> None:
    statement = "UPDATE due_times SET due_at = :due WHERE case_number % :stride = :number"
    due = _written(database, moment - timedelta(hours=1))
    with database.write() as connection:
        given = {"due": due, "stride": stride, "number": number}
        connection.execute(text(statement), given)


def _written(database: Database, moment: datetime) -> Any:
    return moment.isoformat(sep=" ", timespec="microseconds") if database.is_sqlite else moment


@contextmanager
def _sqlite() -> Iterator[Callable[[], Database]]:
    with tempfile.TemporaryDirectory(prefix="casewire-bench-rules-") as folder:
        made: list[Database] = []

        def new() -> Database:
            made.append(Database(f"sqlite:///{Path(folder) / f'{len(made)}.sqlite3'}"))
            migrate_database(made[-1], "rules")
            return made[-1]

        yield new
        for database in made:
            database.close()


@contextmanager
def _postgresql() -> Iterator[Callable[[], Database]]:
    server = PostgresqlServer()
    made: list[Database] = []

    def new() -> Database:
        made.append(Database(server.url, schema=f"rules_{len(made)}"))
        with made[-1].write() as connection:
            connection.execute(text(f"CREATE SCHEMA rules_{len(made) - 1}"))
        migrate_database(made[-1], "rules")
        return made[-1]

    try:
        server.start()
        yield new
    finally:
        for database in made:
            database.close()
        server.destroy()


def _repeated(work: Callable[[], Any], times: int) -> float:
    """Milliseconds of one, of many at a stretch."""
    return _timed(lambda: [work() for _ in range(times)]) / times


def _timed(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def main() -> None:
    """Measure the rules alone, with as many as asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rules", type=int, nargs="+", default=RULES)
    parser.add_argument("--cases", type=int, nargs="+", default=CASES)
    chosen = parser.parse_args()
    measure_rules(chosen.rules, chosen.cases)


if __name__ == "__main__":
    main()

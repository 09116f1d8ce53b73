"""A sweep: as many due among ever more open cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from bench.databases import New
from bench.stopwatch import milliseconds_of
from sqlalchemy import text
from unit.rules.rules_builders import rule, snapshot

from services.contracts.cases import CaseSnapshot
from services.messaging.transaction import Transactions
from services.rules import store, tables
from services.rules.actions.sweep import sweep
from services.rules.bookshelf import Bookshelf
from services.rules.model.schedule import episode_of
from services.runtime.clock import now
from services.runtime.database import Database

DUE = 1_000
ROUNDS = 5
TIMED: dict[str, Any] = {
    "name": "After a week",
    "trigger": {"date": "creation", "delay": 7, "unit": "days"},
    "actions": [{"do": "remind", "whom": "responsible"}],
}


def measure_sweeps(name: str, new: New, cases: Sequence[int]) -> None:
    """Print how long it takes among the first number of cases, and among the others."""
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
        times.append(milliseconds_of(lambda: sweep(transactions, shelf)))
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

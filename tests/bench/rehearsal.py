"""Trying a rule on the past: 10,000 cases with five events each.

Beside it stands reading the same rows without judging. By itself:
`python -m bench.rehearsal --cases 10000 --standing 10000`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from bench.databases import postgresql, sqlite
from bench.rules_engine import CASE
from bench.stopwatch import milliseconds_of
from sqlalchemy import text
from unit.rules.rules_builders import HIGH, created, moved, noted, updated

from services.contracts.cases import CaseEvent, CaseSnapshot
from services.messaging.transaction import Transactions
from services.rules import known_cases, past_events, tables
from services.rules.actions.try_rule import CASES_AT_ONCE, try_rule
from services.rules.case_directory import CaseDirectory
from services.rules.model.past import Following, past_event
from services.runtime.clock import now
from services.runtime.database import Database

CASES = 10_000
ROUNDS = 3
AT_ONCE = 1_000
DAYS = 30
TRIED: dict[str, dict[str, Any]] = {
    "one in ten fires on the event": {"criteria": {"state_to": "open", "priority": "high"}},
    "all fire on the event": {"criteria": {"state_from": "draft", "state_to": "open"}},
    "all fire by a date": {
        "criteria": {"state_to": "pending"},
        "trigger": {"date": "state", "delay": 1, "unit": "hours"},
    },
}


def measure_rehearsals(cases: int = CASES, standing: int = CASES) -> None:
    """Print all figures; `standing` are open cases that nothing has happened to since before."""
    for name, databases in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        with databases("rules") as new:
            database = new()
            moment = now()
            _fill(database, cases, standing, moment)
            _measure(name, database, moment)


def _measure(name: str, database: Database, moment: datetime) -> None:
    since = moment - timedelta(days=DAYS)
    read = median(milliseconds_of(lambda: _read(database, since, moment)) for _ in range(ROUNDS))
    print(f"{name}: reading what a rehearsal of {DAYS} days reads: {read:.0f} ms")
    transactions = Transactions(database, tables.outbox, tables.inbox)
    for words, fields in TRIED.items():
        question = {"fields": {**fields, "actions": [HIGH]}, "days": DAYS}
        told = try_rule(transactions, NOBODY, question)
        milliseconds = median(
            milliseconds_of(lambda asked=question: try_rule(transactions, NOBODY, asked))  # type: ignore[misc]
            for _ in range(ROUNDS)
        )
        print(f"{name}: a rule of which {words}, tried on {told.judged_cases} cases", end="")
        print(
            f" ({told.count} firings): {milliseconds:.0f} ms = {milliseconds / read:.1f} readings"
        )


def _nothing(method: str, **_: Any) -> Any:
    raise LookupError(f"the bench names nobody; {method} was asked")


NOBODY = CaseDirectory(_nothing)


def _read(database: Database, since: datetime, until: datetime) -> None:
    with database.read() as connection:
        numbers = past_events.cases_between(connection, since, until)
    for start in range(0, len(numbers), CASES_AT_ONCE):
        some = numbers[start : start + CASES_AT_ONCE]
        with database.read() as connection:
            past_events.events_of(connection, some, since, until)


def _fill(database: Database, cases: int, standing: int, moment: datetime) -> None:
    begin = moment - timedelta(days=DAYS - 1)
    for numbers in _parts(1, cases):
        events = [event for number in numbers for event in _life(number, begin)]
        _keep(database, events)
    long_ago = moment - timedelta(days=DAYS + 100)
    for numbers in _parts(cases + 1, cases + standing):
        _keep(database, [created(_case(number, long_ago), at=long_ago) for number in numbers])
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))


def _parts(first: int, last: int) -> Iterator[range]:
    for start in range(first, last + 1, AT_ONCE):
        yield range(start, min(start + AT_ONCE, last + 1))


def _life(number: int, begin: datetime) -> Iterator[CaseEvent]:
    """A case comes, is taken up, is spoken of, waits for its partner and gets another priority."""
    at = begin + timedelta(minutes=number % 30_000)
    case = _case(number, at, state="draft", version=1)
    yield created(case, at=at)
    opened = {"state": "open", "state_since": at + timedelta(hours=1)}
    if number % 10 == 0:
        opened["priority"] = "high"
    case = case.model_copy(update={**opened, "version": 2})
    yield moved("draft", case, at=at + timedelta(hours=1))
    case = case.model_copy(update={"version": 3})
    yield noted(case, at=at + timedelta(hours=2))
    waits = {"state": "pending", "state_since": at + timedelta(hours=3)}
    case = case.model_copy(update={**waits, "version": 4})
    yield moved("open", case, at=at + timedelta(hours=3))
    case = case.model_copy(update={"priority": "low", "version": 5})
    yield updated(case, "priority", at=at + timedelta(hours=5))


def _case(number: int, at: datetime, **values: Any) -> CaseSnapshot:
    dates = {"created_at": at, "last_action_at": at, "state_since": at}
    return CASE.model_copy(update={"number": number, **dates, **values})


def _keep(database: Database, events: Sequence[CaseEvent]) -> None:
    following = Following({})
    kept = [(event, past_event(event, following.learn(event))) for event in events]
    latest = {past.data.case.number: past.known for _, past in kept}
    with database.write(durable=False) as connection:
        past_events.keep(connection, kept)
        known_cases.remember(connection, list(latest.values()))


def main() -> None:
    """Measure with as many cases as asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--standing", type=int, default=CASES)
    chosen = parser.parse_args()
    measure_rehearsals(chosen.cases, chosen.standing)


if __name__ == "__main__":
    main()

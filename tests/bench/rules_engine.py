"""Rules: one event against ever more rules, and a sweep among ever more cases.

By itself: `python -m bench.rules_engine --rules 1000 --cases 100000`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from bench.databases import postgresql, sqlite
from bench.rules_sweep import measure_sweeps
from bench.stopwatch import milliseconds_of, milliseconds_of_each
from unit.rules.rules_builders import book, created, moved, noted, rule, snapshot, updated

from services.contracts.cases import CaseEvent, Ref
from services.messaging.transaction import Transactions
from services.rules import store, tables
from services.rules.actions.take_in import take_in
from services.rules.bookshelf import Bookshelf
from services.rules.model.engine import judge
from services.runtime.database import Database

RULES = (10, 100, 1_000, 10_000)
CASES = (10_000, 1_000_000)
ROUNDS = 5
EVENTS_AT_ONCE = 100
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
    for name, databases in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        with databases("rules") as new:
            for count in rules:
                _taken_in(name, new(), count)
            measure_sweeps(name, new, cases)


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
        milliseconds = milliseconds_of_each(lambda event=event: judge(event, rules), 200)  # type: ignore[misc]
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
        times.append(milliseconds_of(lambda events=events: take_in(transactions, shelf, events)))  # type: ignore[misc]
    print(f"{name}: an event taken in with {count:>6} rules: ", end="")
    print(f"{median(times) / EVENTS_AT_ONCE:.2f} ms")


def main() -> None:
    """Measure the rules alone, with as many as asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rules", type=int, nargs="+", default=RULES)
    parser.add_argument("--cases", type=int, nargs="+", default=CASES)
    chosen = parser.parse_args()
    measure_rules(chosen.rules, chosen.cases)


if __name__ == "__main__":
    main()

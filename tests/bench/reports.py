"""How long a report takes among very many cases, beside a plain GROUP BY over the facts.

Runs alone by `PYTHONPATH=.:tests .venv/bin/python -W ignore -m bench.reports 100000 1000000`
(`--postgresql` for that one alone). A report is the whole of it: sums, names, rows in order.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from bench.case_lists import percentile
from bench.databases import New, postgresql, sqlite
from bench.many_facts import fill, stories
from bench.stopwatch import milliseconds_of
from sqlalchemy import func, select

from services.contracts.envelope import Envelope
from services.contracts.reports import ReportQuestion
from services.messaging.transaction import Transactions
from services.reporting.actions.rebuild_facts import rebuild_facts
from services.reporting.actions.take_in import take_in
from services.reporting.cubes import measure_columns
from services.reporting.queries import report
from services.reporting.tables import facts, inbox, outbox
from services.runtime.collection import leave_the_start_alone
from services.runtime.database import Database
from services.web.report_figures import fields_of, figures_called

COUNTS = (10_000, 100_000, 1_000_000)
TIMES, PLAIN_TIMES = 20, 3
STORIES = 5_000  # cases of three events each
BATCH = 100  # as the consumer gives them
QUESTIONS: dict[str, dict[str, Any]] = {
    "month × section × user, all figures": {"by": ("month", "section", "user")},
    "the same, the page's own figures": {
        "by": ("month", "section", "user"),
        "figures": fields_of(figures_called(())),
    },
    "all figures, clocks of Brussels": {
        "by": ("month", "section", "user"),
        "time_zone": "Europe/Brussels",
    },
    "section × user, one year": {"by": ("section", "user"), "date_from": "2026-01-01"},
    "month × kind × priority": {"by": ("month", "kind", "priority")},
    "user with median and p90": {"by": ("user",), "percentiles": True},
    "month × user with median and p90": {"by": ("month", "user"), "percentiles": True},
    "week (no sums)": {"by": ("week",)},
    "partner (no sums)": {"by": ("partner",)},
}


def measure_reports(counts: tuple[int, ...] = COUNTS, *, on_postgresql: bool | None = None) -> None:
    """Print p50 and p95 of each question, how fast events come in, and how long a rebuild takes."""
    leave_the_start_alone()  # as the service does
    for name, place in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        if on_postgresql in (None, name == "PostgreSQL"):
            with place("reporting") as new:
                for count in counts:
                    _measure_questions(name, new(), count)
                _measure_events(name, new)


def _measure_questions(name: str, database: Database, count: int) -> None:
    seconds = milliseconds_of(lambda: fill(database, count)) / 1000
    print(f"reports among {count:,} cases on {name} (made in {seconds:.0f} s)")
    plain = [milliseconds_of(lambda: _plain(database)) for _ in range(PLAIN_TIMES)]
    print(f"  plain GROUP BY of month, section, user: {median(plain):.0f} ms")
    for words, fields in QUESTIONS.items():
        question = ReportQuestion.model_validate(fields)
        rows = len(_asked(database, question))
        times = [
            milliseconds_of(lambda asked=question: _asked(database, asked)) for _ in range(TIMES)
        ]
        ratio = median(plain) / median(times)
        told = f"p50 {median(times):7.1f} ms  p95 {percentile(times, 95):7.1f} ms"
        print(f"  {words:<34} {told}  {rows:5} rows  plain takes {ratio:.1f} ×", flush=True)


def _asked(database: Database, question: ReportQuestion) -> list[Any]:
    with database.read() as connection:
        return report(connection, question)["rows"]


def _plain(database: Database) -> list[Any]:
    """All measures by month, section and user, each fact looked at."""
    c = facts.c
    keys = (c.created_month, c.section_id, c.responsible_id, c.currency)
    sums = [func.sum(one) for one in measure_columns(facts).values()]
    with database.read() as connection:
        return list(connection.execute(select(*keys, *sums).group_by(*keys)))


def _measure_events(name: str, new: New) -> None:
    events = list(stories(STORIES))
    transactions = Transactions(new(), outbox, inbox)
    begin = time.perf_counter()
    for first in range(0, len(events), BATCH):
        assert take_in(transactions, events[first : first + BATCH]) == []
    print(
        f"  events taken in on {name}: {len(events) / (time.perf_counter() - begin):,.0f} a second"
    )
    begin = time.perf_counter()
    rebuilt = rebuild_facts(transactions, _log(events))
    seconds = time.perf_counter() - begin
    assert rebuilt.differences == () and rebuilt.sums_put_right == 0
    print(f"  rebuilt on {name}: {len(events) / seconds:,.0f} events a second", flush=True)


def _log(events: list[Envelope]) -> Callable[[int, int], dict[str, Any]]:
    rows = [
        {"position": place + 1, "type": event.type, "body": event.model_dump_json()}
        for place, event in enumerate(events)
    ]

    def read_events(after: int, limit: int) -> dict[str, Any]:
        items = rows[after : after + limit]
        return {"items": items, "last": after + len(items), "end": len(rows)}

    return read_events


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=int, nargs="*", default=COUNTS)
    parser.add_argument("--postgresql", action=argparse.BooleanOptionalAction)
    chosen = parser.parse_args()
    measure_reports(tuple(chosen.cases), on_postgresql=chosen.postgresql)

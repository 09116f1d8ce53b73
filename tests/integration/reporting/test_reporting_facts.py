"""Whatever order events come in, reports say what the newest versions of the cases say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from integration.reporting.case_stream import (
    directory_events,
    disordered,
    final_cases,
    plain_report,
    streams,
)
from sqlalchemy import delete

from services.contracts.cases import CaseEvent
from services.contracts.envelope import Envelope
from services.contracts.reports import Dimension, Report, ReportQuestion
from services.messaging.transaction import Transactions
from services.reporting.actions.rebuild_facts import rebuild_facts
from services.reporting.actions.take_in import take_in
from services.reporting.queries import count_of_unclosed, report
from services.reporting.tables import LIVE, inbox, outbox
from services.runtime.database import Database
from services.runtime.migration import migrate_database

BY = st.lists(
    st.sampled_from(
        ["month", "user", "section", "state", "kind", "category", "partner", "priority"]
    ),
    unique=True,
    max_size=4,
).map(tuple)
ZONES = st.sampled_from(["UTC", "Europe/Brussels", "America/New_York", "Asia/Kathmandu"])
ON_A_DATABASE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def transactions(database: Database) -> Transactions:
    migrate_database(database, "reporting")
    return Transactions(database, outbox, inbox)


def begin_anew(transactions: Transactions) -> None:
    with transactions.begin() as transaction:
        for table in (LIVE.facts, LIVE.names, inbox):
            transaction.connection.execute(delete(table))


def take_all_in(transactions: Transactions, batches: Sequence[Sequence[Envelope]]) -> None:
    for batch in batches:
        assert take_in(transactions, batch) == []


def asked(transactions: Transactions, **question: Any) -> Report:
    with transactions.database.read() as connection:
        return report(connection, ReportQuestion(**question))


def as_plain(answer: Report, by: Sequence[Dimension]) -> dict[tuple[str, ...], tuple[Any, ...]]:
    return {
        (*(getattr(row, dimension) for dimension in by), row.currency): (
            row.count,
            row.closed,
            None if row.average_hours_to_close is None else round(row.average_hours_to_close, 6),
            row.estimated_revenue,
            row.estimated_cost,
            row.weighted_revenue,
        )
        for row in answer.rows
    }


@ON_A_DATABASE
@given(data=st.data(), events=streams(), by=BY, zone=ZONES)
def test_R1_doubled_and_disordered_events_end_in_the_same_report(
    transactions: Transactions,
    data: st.DataObject,
    events: list[CaseEvent],
    by: tuple[Dimension, ...],
    zone: str,
) -> None:
    begin_anew(transactions)
    take_all_in(transactions, data.draw(disordered([*events, *directory_events()])))
    cases = final_cases(events)
    answer = asked(transactions, by=by, time_zone=zone)
    assert as_plain(answer, by) == plain_report(cases, by, zone)
    assert answer.as_of == sum(case.version for case in cases)
    with transactions.database.read() as connection:
        unclosed = [case for case in cases if case.state not in ("done", "cancelled")]
        assert count_of_unclosed(connection) == len(unclosed)


@ON_A_DATABASE
@given(data=st.data(), events=streams(), zone=ZONES)
def test_R2_filters_leave_what_a_plain_count_leaves(
    transactions: Transactions, data: st.DataObject, events: list[CaseEvent], zone: str
) -> None:
    begin_anew(transactions)
    take_all_in(transactions, [[*events, *directory_events()]])
    cases = final_cases(events)
    one = data.draw(st.sampled_from(cases)) if cases else None
    filters: dict[str, Any] = {}
    if one:
        chosen = data.draw(st.sets(st.sampled_from(["responsible_id", "state", "kind"])))
        values = {
            "responsible_id": one.responsible.id if one.responsible else None,
            "state": one.state,
            "kind": one.kind,
        }
        filters = {name: values[name] for name in chosen if values[name] is not None}
    wanted = plain_report(
        cases,
        ("state",),
        wanted=lambda case: all(
            value
            == (
                (case.responsible.id if case.responsible else None)
                if name == "responsible_id"
                else getattr(case, name)
            )
            for name, value in filters.items()
        ),
    )
    assert as_plain(asked(transactions, by=("state",), **filters), ("state",)) == wanted


@ON_A_DATABASE
@given(data=st.data(), events=streams())
def test_R1_a_rebuild_is_the_same_as_living_through_it(
    transactions: Transactions, data: st.DataObject, events: list[CaseEvent]
) -> None:
    begin_anew(transactions)
    story = data.draw(st.permutations([*events, *directory_events()]))
    take_all_in(transactions, data.draw(disordered(story)))
    before = content(transactions)
    rebuilt = rebuild_facts(transactions, log_of(story))
    assert rebuilt.differences == () and rebuilt.left_out == ()
    assert (rebuilt.events, rebuilt.facts) == (len(story), len(final_cases(events)))
    assert content(transactions) == before


def log_of(events: Sequence[Envelope]) -> Any:
    """`read_events` of a cases service whose outbox holds these, with mail orders between."""
    rows = [
        {"position": 2 * at + 1, "type": event.type, "body": event.model_dump_json()}
        for at, event in enumerate(events)
    ]
    rows += [{"position": row["position"] + 1, "type": "mail.send", "body": "{}"} for row in rows]
    rows.sort(key=lambda row: row["position"])

    def read_events(after: int, limit: int) -> dict[str, Any]:
        items = [row for row in rows if row["position"] > after][: min(limit, 7)]
        return {"items": items, "last": items[-1]["position"] if items else after}

    return read_events


def content(transactions: Transactions) -> list[list[tuple[Any, ...]]]:
    with transactions.database.read() as connection:
        return [
            sorted((tuple(row) for row in connection.execute(table.select())), key=str)
            for table in (LIVE.facts, LIVE.names)
        ]

"""Whatever order events come in, reports say what the newest versions of the cases say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

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

from services.contracts.cases import CaseEvent, CaseSnapshot
from services.contracts.envelope import Envelope
from services.contracts.reports import Dimension, Report, ReportQuestion
from services.messaging.transaction import Transactions
from services.reporting.actions.take_in import take_in
from services.reporting.queries import count_of_unclosed, report
from services.reporting.tables import LIVE, inbox

BY = st.lists(
    st.sampled_from([*get_args(Dimension), "custom.serial", "custom.weight", "custom.expert"]),
    unique=True,
    max_size=4,
).map(tuple)
ZONES = st.sampled_from(["UTC", "Europe/Brussels", "America/New_York", "Asia/Kathmandu"])
ON_A_DATABASE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


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


def as_plain(
    answer: Report, by: Sequence[Dimension | str]
) -> dict[tuple[str, ...], tuple[Any, ...]]:
    return {
        (*(row.cell(dimension) for dimension in by), row.currency): (
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
    by: tuple[Dimension | str, ...],
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


def holds(case: CaseSnapshot, filters: dict[str, Any]) -> bool:
    """What each filter means, said plainly."""
    values = {
        "responsible_id": case.responsible.id if case.responsible else None,
        "state": case.state,
        "kind": case.kind,
    }
    plain = all(values[name] == value for name, value in filters.items() if name != "custom")
    held = {
        code: str(value["id"] if isinstance(value, dict) else value)
        for code, value in case.custom.items()
    }
    wanted = filters.get("custom", {})
    return plain and all(held.get(code, "") == value for code, value in wanted.items())


@ON_A_DATABASE
@given(
    events=streams(),
    filters=st.fixed_dictionaries(
        {},
        optional={
            "responsible_id": st.integers(1, 3),
            "state": st.sampled_from(["open", "done"]),
            "kind": st.sampled_from(["helpdesk", "claim"]),
            "custom": st.fixed_dictionaries(
                {},
                optional={
                    "serial": st.sampled_from(["A-1", "3", "@3", ""]),
                    "weight": st.sampled_from(["3", "12.5", "1e-06"]),
                    "expert": st.sampled_from(["1", "3", ""]),
                },
            ),
        },
    ),
)
def test_R2_filters_leave_what_a_plain_count_leaves(
    transactions: Transactions, events: list[CaseEvent], filters: dict[str, Any]
) -> None:
    begin_anew(transactions)
    take_all_in(transactions, [[*events, *directory_events()]])
    by: tuple[Dimension, ...] = ("state", "user")
    wanted = plain_report(final_cases(events), by, wanted=lambda case: holds(case, filters))
    assert as_plain(asked(transactions, by=by, **filters), by) == wanted

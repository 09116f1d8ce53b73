"""Whatever order events come in, reports say what the history of the cases says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, get_args

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from integration.reporting.case_stream import directory_events, disordered, final_cases, streams
from sqlalchemy import delete, select
from support.plain_report import is_the_same, plain_report, texts_of

from services.contracts.cases import CaseEvent, CaseSnapshot, Priority
from services.contracts.envelope import Envelope
from services.contracts.reports import Dimension, Figure, Report, ReportQuestion, ReportRow
from services.messaging.transaction import Transactions
from services.reporting import delays
from services.reporting.actions.take_in import take_in
from services.reporting.cubes import sums_from
from services.reporting.observing import open_cases
from services.reporting.queries import report
from services.reporting.tables import CUBES, DELAYS, LIVE, facts, inbox

CUT = st.sampled_from([*get_args(Dimension), "custom.serial", "custom.weight", "custom.expert"])
BY = st.lists(CUT, unique=True, max_size=4).map(tuple)
# What sums of months tell without a look at the facts.
QUICK_BY = st.lists(
    st.sampled_from(["month", "quarter", "year", "user", "section", "state", "kind", "category"]),
    unique=True,
    max_size=4,
).map(tuple)
FIGURES: tuple[Figure, ...] = get_args(Figure)
DEFAULTS = ReportRow.model_fields
ZONES = st.sampled_from(
    ["UTC", "Europe/Brussels", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]
)
DAYS = st.none() | st.dates(date(2025, 9, 1), date(2026, 6, 1))
RANGES = st.tuples(DAYS, DAYS).map(
    lambda days: (min(days), max(days)) if None not in days else days  # type: ignore[type-var]
)
ON_A_DATABASE = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink takes many minutes here
)


def begin_anew(transactions: Transactions) -> None:
    cubes = [cube.table for cube in (*CUBES, DELAYS)]
    with transactions.begin() as transaction:
        for table in (LIVE.facts, LIVE.names, inbox, *cubes):
            transaction.connection.execute(delete(table))


def take_all_in(transactions: Transactions, batches: Sequence[Sequence[Envelope]]) -> None:
    for batch in batches:
        assert take_in(transactions, batch) == []


def asked(transactions: Transactions, **question: Any) -> Report:
    with transactions.database.read() as connection:
        return Report.model_validate(report(connection, ReportQuestion(**question)))


def by_key(rows: Sequence[ReportRow], by: Sequence[str]) -> dict[tuple[str, ...], ReportRow]:
    found = {(*(row.cell(cut) for cut in by), row.currency): row for row in rows}
    assert len(found) == len(rows)
    return found


def assert_same(
    rows: Sequence[ReportRow], by: Sequence[str], plain: dict[tuple[str, ...], dict[str, Any]]
) -> None:
    told = by_key(rows, by)
    assert told.keys() == plain.keys()
    wrong = {
        key: (told[key], plain[key]) for key in plain if not is_the_same(told[key], plain[key])
    }
    assert wrong == {}


@ON_A_DATABASE
@given(data=st.data(), events=streams(), by=BY | QUICK_BY, zone=ZONES)
def test_R1_doubled_and_disordered_events_end_in_the_same_report(
    transactions: Transactions,
    data: st.DataObject,
    events: list[CaseEvent],
    by: tuple[str, ...],
    zone: str,
) -> None:
    begin_anew(transactions)
    take_all_in(transactions, data.draw(disordered([*events, *directory_events()])))
    columns = data.draw(st.integers(0, min(2, len(by))))
    rows, column_cuts = by[: len(by) - columns], by[len(by) - columns :]
    answer = asked(transactions, by=rows, columns=column_cuts, time_zone=zone, percentiles=True)
    assert_same(answer.rows, by, plain_report(events, by, zone))
    assert_same(answer.totals, (), plain_report(events, (), zone))
    if columns:
        assert_same(answer.row_totals, rows, plain_report(events, rows, zone))
        assert_same(answer.column_totals, column_cuts, plain_report(events, column_cuts, zone))
    cases = final_cases(events)
    assert answer.as_of == sum(case.version for case in cases)
    with transactions.database.read() as connection:
        unclosed = [case for case in cases if case.state not in ("done", "cancelled")]
        assert sum(open_cases(connection).counts.values()) == len(unclosed)


@ON_A_DATABASE
@given(data=st.data(), events=streams())
def test_R1_the_sums_of_months_are_those_of_the_facts(
    transactions: Transactions, data: st.DataObject, events: list[CaseEvent]
) -> None:
    begin_anew(transactions)
    take_all_in(transactions, data.draw(disordered(events)))
    with transactions.database.read() as connection:
        for cube in CUBES:
            kept = connection.execute(select(*cube.table.c).where(cube.table.c.count != 0))
            worked_out = connection.execute(sums_from(cube, facts))
            assert sorted(map(tuple, kept)) == sorted(tuple(row) for row in worked_out)
            emptied = connection.execute(select(*cube.table.c).where(cube.table.c.count == 0))
            assert all(not any(row[len(cube.key) :]) for row in emptied)
        assert delays.kept(connection) == delays.worked_out(connection, facts)


@ON_A_DATABASE
@given(events=streams(), by=BY | QUICK_BY, zone=ZONES, days=RANGES)
def test_R2_a_date_range_counts_whole_days_by_the_clocks_of_the_asker(
    transactions: Transactions,
    events: list[CaseEvent],
    by: tuple[str, ...],
    zone: str,
    days: tuple[date | None, date | None],
) -> None:
    first, last = days
    begin_anew(transactions)
    take_all_in(transactions, [[*events, *directory_events()]])
    answer = asked(transactions, by=by, time_zone=zone, date_from=first, date_to=last)

    def within(case: CaseSnapshot) -> bool:
        day = date.fromisoformat(day_of(case, zone))
        return (first is None or first <= day) and (last is None or day <= last)

    plain = plain_report(events, by, zone, within)
    without = {key: dropped(figures, PERCENTILES) for key, figures in plain.items()}
    assert_same(answer.rows, by, without)


PERCENTILES = ("median_hours_to_close", "p90_hours_to_close")


def dropped(figures: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in figures.items() if name not in names}


def day_of(case: CaseSnapshot, zone: str) -> str:
    return texts_of("day", case, zone)[0]


def holds(case: CaseSnapshot, filters: dict[str, Any]) -> bool:
    """What each filter means, said plainly."""
    values = {
        "responsible_id": case.responsible.id if case.responsible else None,
        "partner_id": case.partner.id if case.partner else None,
        "category_id": case.category.id if case.category else None,
        "state": case.state,
        "kind": case.kind,
        "priority": case.priority,
    }
    plain = all(values[name] == value for name, value in filters.items() if name in values)
    category = filters.get("partner_category_id")
    held = {
        code: str(value["id"] if isinstance(value, dict) else value)
        for code, value in case.custom.items()
    }
    wanted = filters.get("custom", {})
    return (
        plain
        and (category is None or category in case.partner_categories)
        and all(held.get(code, "") == value for code, value in wanted.items())
    )


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "responsible_id": st.integers(1, 3),
        "partner_id": st.integers(1, 3),
        "category_id": st.integers(1, 3),
        "partner_category_id": st.integers(5, 7),
        "state": st.sampled_from(["open", "done"]),
        "kind": st.sampled_from(["helpdesk", "claim"]),
        "priority": st.sampled_from(get_args(Priority)),
        "custom": st.fixed_dictionaries(
            {},
            optional={
                "serial": st.sampled_from(["A-1", "3", "@3", ""]),
                "weight": st.sampled_from(["3", "12.5", "1e-06"]),
                "expert": st.sampled_from(["1", "3", ""]),
            },
        ),
    },
)


@ON_A_DATABASE
@given(events=streams(), filters=FILTERS, figures=st.sets(st.sampled_from(FIGURES), max_size=5))
def test_R2_filters_leave_what_a_plain_count_leaves(
    transactions: Transactions,
    events: list[CaseEvent],
    filters: dict[str, Any],
    figures: set[Figure],
) -> None:
    begin_anew(transactions)
    take_all_in(transactions, [[*events, *directory_events()]])
    by = ("state", "user")
    wanted = plain_report(events, by, wanted=lambda case: holds(case, filters))
    answer = asked(transactions, by=by, percentiles=True, **filters)
    assert_same(answer.rows, by, wanted)
    some = asked(transactions, by=by, figures=figures, **filters)
    assert list(some.rows) == [with_figures(row, figures) for row in answer.rows]


def with_figures(row: ReportRow, figures: set[Figure]) -> ReportRow:
    """The row with no other figures than these, and those that are always told."""
    untold = set(FIGURES) - figures - {"count", "closed"}
    if not figures:
        untold = {"median_hours_to_close", "p90_hours_to_close"}
    return row.model_copy(update={name: DEFAULTS[name].default for name in untold})

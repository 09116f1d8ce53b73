"""Several processes take events in at the same time, about the same cases (O2)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random

from integration.reporting.case_stream import a_case, directory_events, event_of
from sqlalchemy import select
from support.plain_report import is_the_same, plain_report

from services.contracts.cases import CaseEvent, Ref, State
from services.contracts.reports import Report, ReportQuestion
from services.messaging.transaction import Transactions
from services.reporting import delays
from services.reporting.actions.take_in import take_in
from services.reporting.cubes import sums_from
from services.reporting.queries import report
from services.reporting.tables import CUBES, facts

STATES: tuple[State, ...] = ("draft", "open", "done", "open", "cancelled")
BATCH, AT_ONCE = 7, 3


def stories(random: Random) -> list[CaseEvent]:
    """Forty cases of a few people, closed, opened again and closed."""
    events = []
    for number in range(101, 141):
        created_at = moment = datetime(2026, number % 7 + 1, 14, tzinfo=UTC)
        before: State | None = None
        for version, state in enumerate(STATES, 1):
            moment += timedelta(hours=random.randint(1, 90))
            closed = moment if state in ("done", "cancelled") else None
            user = random.randint(1, 3)
            case = a_case(
                number,
                version=version,
                state=state,
                responsible=Ref(id=user, name=f"user {user}"),
                closed_at=closed,
                estimated_cost=random.randint(1, 100),
                created_at=created_at,
            )
            events.append(event_of(case, state_before=before, occurred_at=moment))
            before = state
    return events


def test_R1_events_taken_in_by_several_at_once_count_once_each(transactions: Transactions) -> None:
    random = Random(5)
    events = stories(random)
    coming = [*events, *random.sample(events, 60), *directory_events()]
    random.shuffle(coming)
    batches = [coming[first : first + BATCH] for first in range(0, len(coming), BATCH)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        failed = list(pool.map(lambda batch: take_in(transactions, batch), batches))
    assert failed == [[]] * len(batches)
    by = ("month", "user", "state")
    with transactions.database.read() as connection:
        told = Report.model_validate(report(connection, ReportQuestion(by=by, percentiles=True)))
        for cube in CUBES:
            kept = connection.execute(select(*cube.table.c).where(cube.table.c.count != 0))
            worked_out = connection.execute(sums_from(cube, facts))
            assert sorted(map(tuple, kept)) == sorted(map(tuple, worked_out))
        assert delays.kept(connection) == delays.worked_out(connection, facts)
    plain = plain_report(events, by)
    rows = {(*(row.cell(cut) for cut in by), row.currency): row for row in told.rows}
    assert rows.keys() == plain.keys()
    wrong = {
        key: (row, plain[key]) for key, row in rows.items() if not is_the_same(row, plain[key])
    }
    assert wrong == {}

"""A database of an older release: its facts do not tell what happened to a case."""

from __future__ import annotations

import pytest
from integration.reporting.case_stream import a_case, event_of
from integration.reporting.test_reporting_rebuild import log_of
from sqlalchemy import text

from services.contracts.reports import Report, ReportQuestion
from services.messaging.transaction import Transactions
from services.reporting import store
from services.reporting.actions.renew_facts import renew_facts
from services.reporting.actions.take_in import take_in
from services.reporting.queries import report
from services.reporting.tables import inbox, outbox
from services.runtime.database import Database
from services.runtime.migration import migrate_database

OLD_FACT = (
    "INSERT INTO facts (number, version, state, kind, priority, currency, created_at)"
    " VALUES (101, 2, 'open', 'helpdesk', 'normal', 'EUR', '2026-07-14 12:00:00.000000+00:00')"
)


@pytest.mark.parametrize("kept_any", [True, False])
def test_R1_an_upgrade_asks_for_facts_made_anew_where_there_were_any(
    database: Database, kept_any: bool
) -> None:
    migrate_database(database, "reporting", "0002")
    if kept_any:
        with database.write() as connection:
            connection.execute(text(OLD_FACT))
    migrate_database(database, "reporting")
    with database.read() as connection:
        assert store.rebuild_is_wanted(connection) is kept_any


def test_R1_what_came_before_and_since_an_upgrade_is_in_the_facts(database: Database) -> None:
    migrate_database(database, "reporting", "0002")
    with database.write() as connection:
        connection.execute(text(OLD_FACT))
    migrate_database(database, "reporting")
    transactions = Transactions(database, outbox, inbox)
    before = [event_of(a_case(101)), event_of(a_case(101, version=2), state_before="open")]
    since = event_of(a_case(101, version=3, state="done"), state_before="open")
    take_in(transactions, [since])
    renew_facts(transactions, log_of([*before, since]))
    with database.read() as connection:
        told = Report.model_validate(report(connection, ReportQuestion(by=())))
    assert [(row.count, row.ever_closed) for row in told.rows] == [(1, 1)]
    assert told.as_of == 3

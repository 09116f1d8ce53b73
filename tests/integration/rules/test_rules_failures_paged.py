"""O3: what rules broke on is listed page by page, each once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.errors import InvalidRequest
from services.rules import failures
from services.rules.failures import Broke
from services.runtime.database import Database
from services.runtime.migration import migrate_database

MOMENT = datetime(2026, 11, 25, 10, tzinfo=UTC)


def test_O3_pages_of_failures_hold_each_once(database: Database) -> None:
    migrate_database(database, "rules")
    with database.write() as connection:
        for hours, numbers in enumerate(((4, 2), (9, 1, 7))):
            broken = [Broke(1, number, ValueError("x")) for number in numbers]
            failures.record(connection, broken, MOMENT + timedelta(hours=hours))
        failures.record(connection, [Broke(2, 3, ValueError("x"))], MOMENT)
    found: list[int] = []
    with database.read() as connection:
        before = None
        while page := failures.list_failures(connection, 1, 2, before):
            found += [one.case_number for one in page]
            before = (1, page[-1].case_number)
        assert found == [1, 7, 9, 2, 4]
        with pytest.raises(InvalidRequest, match="before"):
            failures.list_failures(connection, 1, 2, (1, 99))

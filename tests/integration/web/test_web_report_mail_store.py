"""R3: reports that are mailed, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from services.contracts.errors import NotFound, StaleVersion
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.migration import migrate_database
from services.web.report_mails import store
from services.web.report_mails.store import LEASE, ReportMail

MINUTE = timedelta(minutes=1)


@pytest.fixture
def migrated(database: Database) -> Database:
    migrate_database(database, "web")
    return database


def add(database: Database, next_at: datetime, **fields: Any) -> ReportMail:
    usual = {
        **{"name": "Team", "question": "as=report", "recipients": ["a@b.example"]},
        **{"rhythm": "daily", "weekday": 0, "month_day": 1, "hour": 8, "active": True},
    }
    with database.write() as connection:
        return store.add_report_mail(connection, 2, {**usual, "next_at": next_at, **fields})


def take(database: Database, at: datetime, most: int = 10) -> Sequence[ReportMail]:
    with database.write() as connection:
        return store.take_due(connection, at, most)


def look(database: Database, one: ReportMail) -> ReportMail:
    with database.read() as connection:
        return store.find_report_mail(connection, one.id)


def test_R3_of_two_who_take_at_once_each_turn_goes_to_one(migrated: Database) -> None:
    at = now()
    for place in range(20):
        add(migrated, at - MINUTE, name=str(place))
    begin = Barrier(4)

    def run(_: int) -> list[int]:
        begin.wait()
        return [one.id for _ in range(10) for one in take(migrated, at, 3)]

    with ThreadPoolExecutor(4) as pool:
        taken = [id for found in pool.map(run, range(4)) for id in found]
    assert sorted(taken) == list(range(1, 21))


def test_R3_what_is_due_is_taken_in_turn_and_free_again_after_the_lease(migrated: Database) -> None:
    at = now()
    late, later = add(migrated, at - MINUTE), add(migrated, at - 2 * MINUTE)
    add(migrated, at + MINUTE)
    add(migrated, at - MINUTE, active=False)
    assert [one.id for one in take(migrated, at, 1)] == [later.id]
    assert [one.id for one in take(migrated, at)] == [late.id]
    with migrated.read() as connection:
        assert not store.is_any_due(connection, at)
        assert store.is_any_due(connection, at + LEASE)
    assert [one.id for one in take(migrated, at + LEASE)][:2] == [later.id, late.id]


def test_R3_a_change_meanwhile_is_not_undone_by_who_had_it(migrated: Database) -> None:
    at = now()
    one = add(migrated, at - MINUTE)
    (taken,) = take(migrated, at)
    anew = at + 3 * MINUTE
    with migrated.write() as connection:
        store.change_report_mail(connection, one.id, 1, {"next_at": anew, "hour": 9})
    with migrated.write() as connection:
        store.switch_off(connection, taken, "question")
        store.note_waiting(connection, taken, at + MINUTE)
        store.note_sent(connection, taken, at, at + timedelta(days=1))
    after = look(migrated, one)
    assert (after.active, after.problem, after.next_at, after.hour) == (True, "", anew, 9)
    assert after.last_sent_at == at


def test_R3_a_stale_change_is_refused_and_what_is_gone_is_not_found(migrated: Database) -> None:
    one = add(migrated, now())
    with migrated.write() as connection:
        store.change_report_mail(connection, one.id, 1, {"name": "Other"})
    with pytest.raises(StaleVersion), migrated.write() as connection:
        store.change_report_mail(connection, one.id, 1, {"name": "Late"})
    with migrated.write() as connection:
        store.delete_report_mail(connection, one.id)
    with pytest.raises(NotFound):
        look(migrated, one)
    with pytest.raises(NotFound), migrated.write() as connection:
        store.delete_report_mail(connection, one.id)

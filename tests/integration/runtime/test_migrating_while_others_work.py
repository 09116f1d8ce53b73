"""A migration that meets services at work lets them go on, and comes to its end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from support.postgresql import PostgresqlServer
from support.system import wait_for

from services.runtime.database import Database
from services.runtime.identity import new_id
from services.runtime.migration import migrate_database
from services.runtime.revisions import known_revisions, revision_of

QUEUED = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = to_regclass('firings')"
)


@pytest.fixture
def first_release(postgresql: PostgresqlServer) -> Iterator[Database]:
    """The database of the rules service as its first revision made it, on PostgreSQL."""
    made = Database(postgresql.url, schema=f"test_{new_id().replace('-', '')}")
    migrate_database(made, "rules", "0001")
    yield made
    with made.write() as connection:
        connection.execute(text(f'DROP SCHEMA "{made.schema}" CASCADE'))
    made.close()


def test_what_reads_for_long_holds_up_the_migration_and_nobody_else(
    first_release: Database,
) -> None:
    look = text("SELECT count(*) FROM firings")
    with ThreadPoolExecutor(max_workers=1) as beside:
        with first_release.read() as long_reader:
            long_reader.execute(look)
            migration = beside.submit(migrate_database, first_release, "rules")
            with first_release.read() as other:
                wait_for(lambda: other.scalar(QUEUED), "the migration that waits")
            with first_release.read() as other:
                other.execute(text("SET LOCAL statement_timeout = '20s'"))
                other.execute(look)  # behind the migration, until that lets it through
            assert not migration.done()
        migration.result(60)
    assert revision_of(first_release) == known_revisions("rules")[0]


def test_a_deadlock_with_a_service_only_makes_the_migration_begin_anew(
    first_release: Database,
) -> None:
    """The service writes to one table and then to another; the migration the other way round."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        with first_release.write() as service:
            service.execute(text("LOCK TABLE firings IN ROW EXCLUSIVE MODE"))
            migration = beside.submit(migrate_database, first_release, "rules")
            with first_release.read() as other:
                wait_for(lambda: other.scalar(QUEUED), "the migration that waits")
            service.execute(text("LOCK TABLE due_times IN ROW EXCLUSIVE MODE"))
        migration.result(60)
    assert revision_of(first_release) == known_revisions("rules")[0]

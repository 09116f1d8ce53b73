"""The schemas of all services as of one snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from deploy.operate.installation import SERVICES
from deploy.operate.postgresql_programs import run_program


@contextmanager
def at_one_snapshot(database_url: str) -> Iterator[tuple[datetime, str, Connection]]:
    """The moment, the snapshot's name for others to use, and a connection that sees it.

    It can be used until the end of the block (PostgreSQL, "Snapshot Synchronization Functions").
    """
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            row = connection.execute(text("SELECT pg_export_snapshot(), clock_timestamp()")).one()
            yield row[1], row[0], connection
    finally:
        engine.dispose()


def dump(database_url: str, snapshot: str, target: Path) -> None:
    """Dump the schemas into one file. Raises CannotDo with what pg_dump said."""
    schemas = [f"--schema={service}" for service in SERVICES]
    run_program(
        "pg_dump",
        database_url,
        *schemas,
        f"--snapshot={snapshot}",
        f"--file={target}",
        "--format=custom",
        "--no-owner",
        "--no-privileges",
    )

"""Fresh databases of one service to measure on, of each make."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from support.postgresql import PostgresqlServer

from services.runtime.database import Database
from services.runtime.migration import migrate_database

New = Callable[[], Database]


@contextmanager
def sqlite(service: str) -> Iterator[New]:
    """Makes a database of this service in a file each time that it is asked."""
    with tempfile.TemporaryDirectory(prefix="casewire-bench-") as folder:
        made: list[Database] = []

        def new() -> Database:
            made.append(Database(f"sqlite:///{Path(folder) / f'{len(made)}.sqlite3'}"))
            migrate_database(made[-1], service)
            return made[-1]

        yield new
        for database in made:
            database.close()


@contextmanager
def postgresql(service: str) -> Iterator[New]:
    """Makes a database of this service in a schema each time that it is asked."""
    server = PostgresqlServer()
    made: list[Database] = []

    def new() -> Database:
        made.append(Database(server.url, schema=f"bench_{len(made)}"))
        with made[-1].write() as connection:
            connection.execute(text(f"CREATE SCHEMA bench_{len(made) - 1}"))
        migrate_database(made[-1], service)
        return made[-1]

    try:
        server.start()
        yield new
    finally:
        for database in made:
            database.close()
        server.destroy()

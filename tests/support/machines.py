"""Running a hypothesis state machine: on fresh databases, in random walks that end."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text
from support.postgresql import PostgresqlServer

from services.runtime.database import Database
from services.runtime.identity import new_id
from services.runtime.migration import migrate_database

PHASES = [phase for phase in Phase if phase is not Phase.explain]
NewDatabase = Callable[[], Database]


def walk(machine: type[Any], new_database: NewDatabase, examples: int, steps: int) -> None:
    """Run the machine, each walk on a database of its own; raises what it finds, shortened."""
    own = type("Machine", (machine,), {"new_database": staticmethod(new_database)})
    run_state_machine_as_test(
        own,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=PHASES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def sqlite_databases(folder: Path, service: str) -> NewDatabase:
    """Makes databases with the tables of the service: copies of one, since migrating takes long."""
    empty = folder / "empty.sqlite3"
    made = Database(f"sqlite:///{empty}")
    migrate_database(made, service)
    made.close()

    def new_database() -> Database:
        path = folder / f"{new_id()}.sqlite3"
        shutil.copy(empty, path)
        return Database(f"sqlite:///{path}")

    return new_database


@contextmanager
def postgresql_databases(server: PostgresqlServer) -> Iterator[NewDatabase]:
    """Makes empty databases, which are gone at the end."""
    made: list[str] = []
    outside = Database(server.url)

    def new_database() -> Database:
        made.append(f"machine_{new_id().replace('-', '')}")
        with outside.write() as connection:
            connection.execute(text(f'CREATE SCHEMA "{made[-1]}"'))
        return Database(server.url, schema=made[-1])

    yield new_database
    with outside.write() as connection:
        for schema in made:
            connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
    outside.close()

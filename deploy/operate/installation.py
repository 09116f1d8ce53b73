"""What the commands work on: the settings, and the database of each service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Table, event

from services.messaging.outbox import Outbox
from services.runtime.database import Database, open_database
from services.runtime.settings import Settings

SERVICES = ("cases", "rules", "mailgw", "reporting", "web")


def tables_of(service: str) -> MetaData:
    """The tables that a service declares."""
    found = import_module(f"services.{service}.tables").metadata
    assert isinstance(found, MetaData)
    return found


def table_of(service: str, name: str) -> Table | None:
    """One of them; None where the service has none of that name (the web has no outbox)."""
    return tables_of(service).tables.get(name)


def sqlite_file(settings: Settings, service: str) -> Path | None:
    """The file of a service's database; None on PostgreSQL."""
    url = settings.database_url_for(service)
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


@contextmanager
def database_of(settings: Settings, service: str) -> Iterator[Database]:
    """The database of a service, closed at the end."""
    database = open_database(settings, service)
    try:
        yield database
    finally:
        database.close()


def outboxes(
    settings: Settings, services: Sequence[str] = SERVICES
) -> Iterator[tuple[str, int, datetime | None]]:
    """Of each service with an outbox: how many messages wait there, and since when the oldest."""
    for service in services:
        table = table_of(service, "outbox")
        if table is None:
            continue
        with database_of(settings, service) as database, database.read() as connection:
            count, oldest = Outbox(table).waiting(connection)
        yield service, count, oldest


@contextmanager
def overwriting_database_of(settings: Settings, service: str) -> Iterator[Database]:
    """The same, which on SQLite overwrites what is deleted, and at the end leaves no log of it.

    A log that somebody reads just then is left to be overwritten by itself.
    """
    with database_of(settings, service) as database:
        if not database.is_sqlite:
            yield database
            return
        event.listen(database.engine, "connect", _overwrite)
        yield database
        with database.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _overwrite(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA secure_delete = ON")

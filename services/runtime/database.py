"""A service's database: SQLite by default, PostgreSQL when an address is given."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    String,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

from services.runtime.settings import Settings

BUSY_TIMEOUT_MILLISECONDS = 10_000
WRITES = "casewire_writes"

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. SQLite keeps it as text of one length, so that it sorts and compares."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone; got {value!r}")
        moment = value.astimezone(UTC)
        return (
            moment.isoformat(sep=" ", timespec="microseconds")
            if dialect.name == "sqlite"
            else moment
        )

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


class Database:
    """One service's database.

    SQLite has a single writer. Within a process writers queue on a lock, not in
    SQLite's busy wait, which would stall every green thread of the process.
    """

    def __init__(self, url: str, schema: str | None = None) -> None:
        self.url = url
        self.schema = schema
        self.is_sqlite = url.startswith("sqlite")
        self._writing = threading.Lock()
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url, schema)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read with; what is written on it is rolled back."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """One transaction, committed at the end and rolled back on an error.

        Wait on no network inside: on SQLite everybody else's writes wait for this one.
        What is not `durable` survives the end of this process but not a power cut; it saves
        waiting for the disk where doing the work again would do no harm.
        """
        with (
            self._writing if self.is_sqlite else nullcontext(),
            self.engine.connect().execution_options(**{WRITES: True}) as connection,
            nullcontext() if durable else self._unsynchronised(connection),
            connection.begin(),
        ):
            if not durable and not self.is_sqlite:
                connection.execute(text("SET LOCAL synchronous_commit = off"))
            yield connection

    @contextmanager
    def _unsynchronised(self, connection: Connection) -> Iterator[None]:
        """SQLite leaves its log to the operating system; set and reset between transactions."""
        raw: Any = connection.connection.dbapi_connection
        if not self.is_sqlite or raw is None:
            yield
            return
        raw.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            raw.execute("PRAGMA synchronous = FULL")

    def unreachable(self) -> str | None:
        """None when the database answers, else a sentence that says what is missing."""
        try:
            with self.read() as connection:
                connection.execute(text("SELECT 1"))
        except Exception as error:  # noqa: BLE001  any failure of any driver means the same here
            return f"the database does not answer: {error}"
        return None

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_database(settings: Settings, service: str) -> Database:
    """The database of a service; its folder is made when it is not there."""
    url = settings.database_url_for(service)
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        return Database(url)
    return Database(url, schema=service)


def _compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, json_serializer=_compact_json)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so
        for pragma in (
            "journal_mode = WAL",
            f"busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}",
            "synchronous = FULL",
            "foreign_keys = ON",
            "cache_size = -32000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that turns writer half-way fails at once when another
        # process has written meanwhile; one that begins as writer waits its turn.
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(url: str, schema: str | None) -> Engine:
    options = {"options": f"-csearch_path={schema}"} if schema else {}
    return create_engine(
        url, connect_args=options, json_serializer=_compact_json, pool_pre_ping=True
    )

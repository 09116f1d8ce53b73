"""Very many rows of the cases service, as fast as either database takes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Table, insert, text

from services.cases.search import documents, on_postgresql
from services.cases.search.writing import Writing
from services.runtime.database import Database

_INDEX = "case_search_document"


class Bulk:
    """Inserts while it is entered; at its end numbers go on behind, and plans know the rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Bulk:
        if not self._database.is_sqlite:
            self._do(f"DROP INDEX {_INDEX}")  # made at once it takes a fraction of the time
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._database.is_sqlite and error is None:
            self._do(on_postgresql.CREATE[1])
            serial = "pg_get_serial_sequence('cases', 'number')"
            self._do(f"SELECT setval({serial}, (SELECT max(number) FROM cases))")
        self._do("ANALYZE" if self._database.is_sqlite else "VACUUM ANALYZE")

    def insert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert rows that all have the same columns."""
        if not rows:
            return
        with self._database.write(durable=False) as connection:
            if self._database.is_sqlite:
                connection.execute(insert(table), list(rows))
            else:
                copy_rows(connection, table.name, rows)

    def documents(self, writings: Sequence[Writing]) -> None:
        """Write documents of the search."""
        with self._database.write(durable=False) as connection:
            if self._database.is_sqlite:
                documents.write(connection, writings)
            else:
                rows = [on_postgresql.new_row(one) for one in writings]
                copy_rows(connection, "case_search", rows)

    def _do(self, statement: str) -> None:
        engine = self._database.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))


def copy_rows(connection: Connection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns into a table of PostgreSQL."""
    names = list(rows[0])
    raw: Any = connection.connection.driver_connection
    command = f"COPY {table} ({', '.join(names)}) FROM STDIN"
    with raw.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row([_written(row[name]) for name in names])


def _written(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value

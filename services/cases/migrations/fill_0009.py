"""What revision 0009 writes for the cases that are there already, in batches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, column, table, update

from services.cases.migrations.in_batches import in_batches
from services.runtime.database import Json, UtcDateTime

# As the table is at this revision, whatever it becomes later.
CASES = table(
    "cases", column("number"), column("snapshot", Json), column("created_at", UtcDateTime)
)


def fill_created_at(connection: Connection) -> None:
    """Fill the moment at which each case was opened."""
    one = update(CASES).where(CASES.c.number == bindparam("its_number"))
    for batch in in_batches(connection, CASES, "snapshot"):
        connection.execute(one, [_row(row.number, row.snapshot) for row in batch])


def _row(number: int, snapshot: dict[str, Any]) -> dict[str, Any]:
    return {"its_number": number, "created_at": datetime.fromisoformat(snapshot["created_at"])}

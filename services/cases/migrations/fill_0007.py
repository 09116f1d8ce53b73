"""What revision 0007 writes for the cases that are there already, in batches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, column, table, update

from services.cases.migrations.in_batches import in_batches
from services.runtime.database import Json

# As the table is at this revision, whatever it becomes later.
CASES = table("cases", column("number"), column("snapshot", Json), column("created_month"))


def fill_created_month(connection: Connection) -> None:
    """Fill the month in which each case was opened, in UTC."""
    one = update(CASES).where(CASES.c.number == bindparam("its_number"))
    for batch in in_batches(connection, CASES, "snapshot"):
        connection.execute(one, [_row(row.number, row.snapshot) for row in batch])


def _row(number: int, snapshot: dict[str, Any]) -> dict[str, Any]:
    created = datetime.fromisoformat(snapshot["created_at"]).astimezone(UTC)
    return {"its_number": number, "created_month": f"{created:%Y-%m}"}

"""What revision 0005 writes for the cases that are there already, in batches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, column, select, table, update

from services.runtime.database import Json

BATCH = 1000
# As the table is at this revision, whatever it becomes later.
CASES = table("cases", column("number"), column("snapshot", Json), column("created_month"))


def fill_created_month(connection: Connection) -> None:
    """Fill the month in which each case was opened, in UTC."""
    one = update(CASES).where(CASES.c.number == bindparam("its_number"))
    some = (
        select(CASES.c.number, CASES.c.snapshot)
        .where(CASES.c.number > bindparam("last"))
        .order_by(CASES.c.number)
        .limit(BATCH)
    )
    last = 0
    while batch := connection.execute(some, {"last": last}).all():
        last = batch[-1].number
        connection.execute(one, [_row(row.number, row.snapshot) for row in batch])


def _row(number: int, snapshot: dict[str, Any]) -> dict[str, Any]:
    created = datetime.fromisoformat(snapshot["created_at"]).astimezone(UTC)
    return {"its_number": number, "created_month": f"{created:%Y-%m}"}

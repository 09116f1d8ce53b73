"""What revision 0004 writes for the dated cases that are there already, in batches."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, column, table, update

from services.cases.migrations.in_batches import in_batches
from services.runtime.database import Json, UtcDateTime

SHORT_DAYS = 7
# As the table is at this revision, whatever it becomes later.
CASES = table(
    "cases",
    column("number"),
    column("snapshot", Json),
    column("start_at", UtcDateTime),
    column("end_at", UtcDateTime),
    column("span"),
)


def fill_calendar_columns(connection: Connection) -> None:
    """Fill the columns that calendars ask by; no case recurs at this revision."""
    one = update(CASES).where(CASES.c.number == bindparam("its_number"))
    for batch in in_batches(connection, CASES, "snapshot"):
        rows = [_row(row.number, row.snapshot) for row in batch if row.snapshot.get("start")]
        if rows:
            connection.execute(one, rows)


def _row(number: int, snapshot: dict[str, Any]) -> dict[str, Any]:
    start = datetime.fromisoformat(snapshot["start"])
    lasts = timedelta(minutes=snapshot.get("duration_minutes") or 0)
    is_short = lasts <= timedelta(days=SHORT_DAYS)
    return {
        "its_number": number,
        "start_at": start,
        "end_at": start + lasts,
        "span": 1 if is_short else 2,
    }

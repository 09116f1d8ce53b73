"""What revision 0006 writes for the cases that are there already, in batches."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, column, select, table, update

from services.runtime.database import Json

BATCH = 1000
LONGEST = 320
# As the table is at this revision, whatever it becomes later.
CASES = table("cases", column("number"), column("snapshot", Json), column("contact_address"))


def fill_contact_addresses(connection: Connection) -> None:
    """Write the address of each case's contact beside it, in lower case."""
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
        rows = [
            {
                "its_number": row.number,
                "contact_address": row.snapshot["contact"]["address"].lower()[:LONGEST],
            }
            for row in batch
            if row.snapshot.get("contact")
        ]
        if rows:
            connection.execute(one, rows)

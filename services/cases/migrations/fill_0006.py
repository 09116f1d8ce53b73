"""What revision 0006 writes for the cases that are there already, in batches."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, column, table, update

from services.cases.migrations.in_batches import in_batches
from services.runtime.database import Json

LONGEST = 320
# As the table is at this revision, whatever it becomes later.
CASES = table("cases", column("number"), column("snapshot", Json), column("contact_address"))


def fill_contact_addresses(connection: Connection) -> None:
    """Write the address of each case's contact beside it, in lower case."""
    one = update(CASES).where(CASES.c.number == bindparam("its_number"))
    for batch in in_batches(connection, CASES, "snapshot"):
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

"""The inbox: which messages have taken effect, so that none does twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Connection, Index, MetaData, String, Table, delete, select

from services.runtime.clock import now
from services.runtime.database import UtcDateTime
from services.runtime.upsert import upsert

# No queue holds a message that took effect for so long; a dead letter did not take effect.
KEPT_DAYS = 30


def inbox_table(metadata: MetaData) -> Table:
    """Declare the inbox on a service's metadata."""
    table = Table(
        "inbox",
        metadata,
        Column("id", String(36), primary_key=True),
        Column("taken_at", UtcDateTime, nullable=False),
        sqlite_with_rowid=False,
    )
    Index("inbox_taken_at", table.c.taken_at)
    return table


def create(operations: Any) -> None:
    """Create the inbox inside an Alembic migration (`operations` is `alembic.op`)."""
    metadata = MetaData()
    inbox_table(metadata)
    metadata.create_all(operations.get_bind())


class Inbox:
    """Reading and marking a service's inbox."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def known(self, connection: Connection, ids: Sequence[str]) -> set[str]:
        """Which of these messages have taken effect already."""
        question = select(self.table.c.id).where(self.table.c.id.in_(ids))
        return set(connection.scalars(question))

    def mark(self, connection: Connection, ids: Sequence[str]) -> None:
        """Remember these messages as having taken effect."""
        taken_at = now()
        connection.execute(self.table.insert(), [{"id": i, "taken_at": taken_at} for i in ids])

    def claim(self, connection: Connection, ids: Iterable[str]) -> set[str]:
        """Mark these messages before they take effect; answers those that had not yet.

        One that another process has in hand is waited for: if that one gives it up, it is ours.
        """
        taken_at = now()
        rows = [{"id": id, "taken_at": taken_at} for id in sorted(set(ids))]  # no crosswise waits
        if not rows:
            return set()
        statement = upsert(connection, self.table).on_conflict_do_nothing(index_elements=["id"])
        return set(connection.scalars(statement.returning(self.table.c.id), rows))

    def forget_old(self, connection: Connection) -> None:
        """Forget messages of which the broker can hold no copy any more."""
        moment = now() - timedelta(days=KEPT_DAYS)
        connection.execute(delete(self.table).where(self.table.c.taken_at < moment))

"""The outbox: messages written in the transaction of the change they tell of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    select,
    text,
    update,
)

from services.runtime.clock import now
from services.runtime.database import UtcDateTime


@dataclass(frozen=True)
class OutboxRow:
    """A message as it waits: its place in the order, its id and type, and its JSON."""

    position: int
    id: str
    type: str
    body: str


def outbox_table(metadata: MetaData) -> Table:
    """Declare the outbox on a service's metadata. Sent rows stay: they are the event log."""
    table = Table(
        "outbox",
        metadata,
        Column(
            "position",
            BigInteger().with_variant(Integer, "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        Column("id", String(36), nullable=False, unique=True),
        Column("type", String(64), nullable=False),
        Column("body", Text, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("sent_at", UtcDateTime),
        sqlite_autoincrement=True,
    )
    unsent = text("sent_at IS NULL")
    Index(
        "outbox_unsent",
        table.c.position,
        sqlite_where=unsent,
        postgresql_where=unsent,
    )
    return table


def create(operations: Any) -> None:
    """Create the outbox inside an Alembic migration (`operations` is `alembic.op`)."""
    metadata = MetaData()
    outbox_table(metadata)
    metadata.create_all(operations.get_bind())


class Outbox:
    """Reading and marking a service's outbox."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def add(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Insert rows with `id`, `type`, `body` and `created_at`, in this order."""
        connection.execute(self.table.insert(), list(rows))

    def unsent(self, connection: Connection, limit: int) -> list[OutboxRow]:
        """The oldest messages not yet published."""
        t = self.table
        question = (
            select(t.c.position, t.c.id, t.c.type, t.c.body)
            .where(t.c.sent_at.is_(None))
            .order_by(t.c.position)
            .limit(limit)
        )
        return [OutboxRow(*row) for row in connection.execute(question)]

    def mark_sent(self, connection: Connection, positions: Sequence[int]) -> None:
        """Remember that the broker has confirmed these."""
        t = self.table
        connection.execute(update(t).where(t.c.position.in_(positions)).values(sent_at=now()))

    def waiting(self, connection: Connection) -> tuple[int, datetime | None]:
        """How many messages wait, and since when the oldest does."""
        t = self.table
        question = select(func.count(), func.min(t.c.created_at)).where(t.c.sent_at.is_(None))
        count, oldest = connection.execute(question).one()
        return int(count), oldest

    def log_end(self, connection: Connection) -> int:
        """The position of the newest message; 0 without any."""
        return int(connection.scalar(select(func.max(self.table.c.position))) or 0)

    def log(self, connection: Connection, after: int, limit: int) -> list[OutboxRow]:
        """Messages behind a position, sent or not: the event log, for rebuilding a projection."""
        t = self.table
        question = (
            select(t.c.position, t.c.id, t.c.type, t.c.body)
            .where(t.c.position > after)
            .order_by(t.c.position)
            .limit(limit)
        )
        return [OutboxRow(*row) for row in connection.execute(question)]

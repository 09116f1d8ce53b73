"""What commands were answered, so that the same command again gets the same answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, select
from sqlalchemy.exc import IntegrityError

from services.runtime.clock import now
from services.runtime.database import Json, UtcDateTime


def answers_table(metadata: MetaData) -> Table:
    """Declare the answers on a service's metadata."""
    return Table(
        "answers",
        metadata,
        Column("idempotency_key", String(200), primary_key=True),
        Column("answer", Json, nullable=False),
        Column("at", UtcDateTime, nullable=False),
    )


def create(operations: Any) -> None:
    """Create the answers inside an Alembic migration (`operations` is `alembic.op`)."""
    metadata = MetaData()
    answers_table(metadata)
    metadata.create_all(operations.get_bind())


def answer_to(connection: Connection, answers: Table, key: str) -> Any | None:
    """What the command with this key was answered, or None."""
    return connection.scalar(select(answers.c.answer).where(answers.c.idempotency_key == key))


def keep_answer(connection: Connection, answers: Table, key: str, answer: Any) -> bool:
    """Keep the answer; False when another worker has carried out the same command meanwhile."""
    row = {"idempotency_key": key, "answer": answer, "at": now()}
    try:
        with connection.begin_nested():
            connection.execute(insert(answers), row)
    except IntegrityError:
        return False
    return True

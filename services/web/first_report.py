"""The report that opens first: each user's own, else the one that a manager chose for all."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from services.web.tables import first_reports

OF_ALL = 0  # in the place of a user


def first_report(connection: Connection, user_id: int) -> str | None:
    """The query string of the report that opens first for a user; None where none was chosen."""
    t = first_reports
    chosen = select(t.c.question).where(t.c.user_id.in_((user_id, OF_ALL)))
    return connection.scalar(chosen.order_by(t.c.user_id.desc()).limit(1))


def first_report_of(connection: Connection, user_id: int) -> str | None:
    """The same, chosen for this user (or for OF_ALL) and nobody else."""
    t = first_reports
    return connection.scalar(select(t.c.question).where(t.c.user_id == user_id))


def save_first_report(connection: Connection, user_id: int, question: str | None) -> None:
    """Keep the one that opens first for a user, or for OF_ALL; None forgets it."""
    t = first_reports
    connection.execute(delete(t).where(t.c.user_id == user_id))
    if question is not None:
        connection.execute(insert(t).values(user_id=user_id, question=question))

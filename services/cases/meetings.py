"""All SQL about the meetings that invitations are about."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from services.cases.tables import invitations


class Meeting(NamedTuple):
    """The case of a meeting, and the latest word on it."""

    case_number: int
    sequence: int


def find(connection: Connection, uid: str) -> Meeting | None:
    """The meeting with this uid; None when nobody invited us to it."""
    t = invitations
    row = connection.execute(select(t.c.case_number, t.c.sequence).where(t.c.uid == uid)).first()
    return Meeting(*row) if row else None


def keep(connection: Connection, uid: str, case_number: int, sequence: int) -> None:
    """From now on the meeting is this case's, and this is the latest word on it."""
    connection.execute(delete(invitations).where(invitations.c.uid == uid))
    row = {"uid": uid, "case_number": case_number, "sequence": sequence}
    connection.execute(insert(invitations), [row])

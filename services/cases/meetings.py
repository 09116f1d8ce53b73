"""All SQL about the meetings that invitations are about."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from services.cases.tables import invitations


class Meeting(NamedTuple):
    """The case of a meeting, the latest word on it, and whether we are the ones who invite."""

    uid: str
    case_number: int
    sequence: int
    ours: bool


def find(connection: Connection, uid: str) -> Meeting | None:
    """The meeting with this uid; None when nobody invited us to it, nor we anybody."""
    row = connection.execute(select(invitations).where(invitations.c.uid == uid)).first()
    return None if row is None else Meeting(row.uid, row.case_number, row.sequence, row.ours)


def of_case(connection: Connection, number: int, *, ours: bool) -> Meeting | None:
    """The meeting that this case is: the one we invite to, or else one we were invited to."""
    t = invitations
    its = select(t).where(t.c.case_number == number, t.c.ours == ours).order_by(t.c.uid)
    row = connection.execute(its).first()
    return None if row is None else Meeting(row.uid, row.case_number, row.sequence, row.ours)


def keep(
    connection: Connection, uid: str, case_number: int, sequence: int, *, ours: bool = False
) -> None:
    """From now on the meeting is this case's, and this is the latest word on it."""
    connection.execute(delete(invitations).where(invitations.c.uid == uid))
    row = {"uid": uid, "case_number": case_number, "sequence": sequence, "ours": ours}
    connection.execute(insert(invitations), [row])

"""A case only to look at: unlike by `store.get` its row is not locked."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services.cases.tables import cases
from services.contracts.cases import CaseSnapshot


def look(connection: Connection, number: int) -> CaseSnapshot | None:
    """The case as it stands; None where there is none."""
    snapshot = connection.scalar(select(cases.c.snapshot).where(cases.c.number == number))
    return None if snapshot is None else CaseSnapshot.model_validate(snapshot)

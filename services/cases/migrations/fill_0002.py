"""What revision 0002 writes for the cases that are there already, in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from services.cases.store import list_columns
from services.cases.tables import cases
from services.contracts.cases import CaseSnapshot

BATCH = 1000


def fill_list_columns(connection: Connection) -> None:
    """Fill the columns that lists filter and sort by."""
    one = update(cases).where(cases.c.number == bindparam("its_number"))
    for batch in _batches(connection):
        snapshots = [CaseSnapshot.model_validate(row.snapshot) for row in batch]
        rows = [{"its_number": case.number, **list_columns(case)} for case in snapshots]
        connection.execute(one, rows)


def _batches(connection: Connection) -> Iterator[Sequence[Any]]:
    last = 0
    question = (
        select(cases.c.number, cases.c.snapshot, cases.c.description)
        .where(cases.c.number > bindparam("last"))
        .order_by(cases.c.number)
        .limit(BATCH)
    )
    while batch := connection.execute(question, {"last": last}).all():
        yield batch
        last = batch[-1].number

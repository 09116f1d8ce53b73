"""What revision 0002 writes for the cases that are there already, in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update

from services.cases.search import on_postgresql, on_sqlite
from services.cases.search.writing import whole
from services.cases.store import list_columns
from services.cases.tables import cases, messages
from services.contracts.cases import CaseSnapshot

BATCH = 1000


def fill_list_columns(connection: Connection) -> None:
    """Fill the columns that lists filter and sort by."""
    one = update(cases).where(cases.c.number == bindparam("its_number"))
    for batch in _batches(connection):
        snapshots = [CaseSnapshot.model_validate(row.snapshot) for row in batch]
        rows = [{"its_number": case.number, **list_columns(case)} for case in snapshots]
        connection.execute(one, rows)


def make_search(connection: Connection) -> None:
    """Make the documents of the search."""
    engine = on_sqlite if connection.dialect.name == "sqlite" else on_postgresql
    table, *indexes = engine.CREATE
    connection.execute(text(table))
    t = messages
    entries = select(t.c.case_number, t.c.subject, t.c.text).order_by(t.c.case_number, t.c.number)
    for batch in _batches(connection):
        said: dict[int, list[tuple[str, str]]] = {row.number: [] for row in batch}
        these = t.c.case_number.between(batch[0].number, batch[-1].number)
        for entry in connection.execute(entries.where(these)):
            said[entry.case_number].append((entry.subject, entry.text))
        writings = [
            whole(CaseSnapshot.model_validate(row.snapshot), row.description, said[row.number])
            for row in batch
        ]
        engine.write(connection, writings)
    for index in indexes:
        connection.execute(text(index))


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

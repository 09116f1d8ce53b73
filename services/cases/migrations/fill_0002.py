"""What revision 0002 writes for the cases that are there already, in batches."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select, text, update

from services.cases.migrations.in_batches import in_batches
from services.cases.search import on_postgresql, on_sqlite
from services.cases.search.writing import whole
from services.cases.store import list_columns
from services.cases.tables import cases, messages
from services.contracts.cases import CaseSnapshot


def fill_list_columns(connection: Connection) -> None:
    """Fill the columns that lists filter and sort by."""
    one = update(cases).where(cases.c.number == bindparam("its_number"))
    for batch in in_batches(connection, cases, "snapshot"):
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
    for batch in in_batches(connection, cases, "snapshot", "description"):
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

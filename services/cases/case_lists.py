"""Lists of cases: what a question asks for, in its order, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from services.cases.case_order import (
    Cursor,
    cursor_of,
    cursor_text,
    read_cursor,
    stretches_from,
)
from services.cases.case_search import searched
from services.cases.list_parts import Part
from services.cases.lists_on_postgresql import plan_well, read_part
from services.cases.model.words import Phrase
from services.cases.search import on_sqlite
from services.cases.tables import cases
from services.contracts.case_commands import CaseQuestion

Rows = list[tuple[int, Any]]  # each with the place of its stretch


def list_cases(connection: Connection, question: CaseQuestion) -> dict[str, Any]:
    """A page of cases: {"items": [snapshot …], "next": cursor or None, "previous": the same}.

    Raises InvalidRequest for a cursor that is none, and for too long a search.
    """
    sort = question.sort
    cursor = read_cursor(sort, question.cursor) if question.cursor is not None else None
    rows = read_rows(connection, question, cursor, question.limit + 1)
    shown = rows[: question.limit]
    ends = {"next": len(rows) > len(shown), "previous": cursor is not None}
    if cursor is not None and cursor.back:
        shown.reverse()
        ends = {"next": True, "previous": len(rows) > len(shown)}
    return {
        "items": [row.snapshot for _, row in shown],
        "next": cursor_text(sort, cursor_of(sort, *shown[-1])) if shown and ends["next"] else None,
        "previous": (
            cursor_text(sort, cursor_of(sort, *shown[0], back=True))
            if shown and ends["previous"]
            else None
        ),
    }


def read_rows(
    connection: Connection, question: CaseQuestion, cursor: Cursor | None, most: int
) -> Rows:
    """The first rows from behind the cursor: `number`, `key` and `snapshot` of each.

    A cursor that goes back gives those before it, the nearest first.
    """
    asked = searched(connection, question)
    if asked is None:
        return []
    found, phrases = asked
    on_postgresql = connection.dialect.name == "postgresql"
    if on_postgresql:
        plan_well(connection)
    read = read_part if on_postgresql else _read_on_sqlite
    rows: Rows = []
    for place, stretch in stretches_from(question.sort, cursor):
        behind = cursor if cursor is not None and cursor.stretch == place else None
        part = Part(found, stretch, behind)
        rows += [(place, row) for row in read(connection, part, phrases, most - len(rows))]
        if len(rows) >= most:
            break
    return rows


def _read_on_sqlite(
    connection: Connection, part: Part, phrases: Sequence[Phrase], most: int
) -> Sequence[Any]:
    found = part.found
    if phrases:
        t = on_sqlite.TABLE
        # FTS5 gives what it finds in the order of the numbers.
        number = t.c.rowid if found.number is cases.c.number else found.number
        joined = found.tables.join(t, t.c.rowid == cases.c.number)
        part = part.with_tables(joined, number, on_sqlite.matches(phrases))
    return connection.execute(part.statement(cases.c.snapshot).limit(most)).all()

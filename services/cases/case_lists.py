"""Lists of cases: what a question asks for, in its order, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from services.cases.case_conditions import wanted
from services.cases.case_order import cursor_of, cursor_text, read_cursor, stretches_from
from services.cases.list_parts import Part
from services.cases.lists_on_postgresql import plan_well, read_part
from services.cases.model.words import Phrase, asked, number_asked
from services.cases.search import on_sqlite
from services.cases.tables import cases
from services.contracts.case_commands import CaseQuestion


def list_cases(connection: Connection, question: CaseQuestion) -> dict[str, Any]:
    """A page of cases: {"items": [snapshot …], "next": cursor or None}.

    Raises InvalidRequest for a cursor that is none, and for too long a search.
    """
    sort = question.sort
    cursor = read_cursor(sort, question.cursor) if question.cursor is not None else None
    number, phrases = _search(connection, question.q or "")
    if (question.q or "").strip() and number is None and not phrases:
        return {"items": [], "next": None}  # nothing but signs, which no word has
    on_postgresql = connection.dialect.name == "postgresql"
    if on_postgresql:
        plan_well(connection)
    found = wanted(connection, question, number)
    rows: list[tuple[int, Any]] = []
    for place, stretch in stretches_from(sort, cursor):
        behind = cursor if cursor is not None and cursor.stretch == place else None
        part = Part(found, stretch, behind)
        missing = question.limit + 1 - len(rows)
        read = read_part if on_postgresql else _read_on_sqlite
        rows += [(place, row) for row in read(connection, part, phrases, missing)]
        if len(rows) > question.limit:
            break
    shown = rows[: question.limit]
    more = len(rows) > len(shown)
    return {
        "items": [row.snapshot for _, row in shown],
        "next": cursor_text(sort, cursor_of(sort, *shown[-1])) if more else None,
    }


def _search(connection: Connection, q: str) -> tuple[int | None, tuple[Phrase, ...]]:
    """The number of the case that is asked for, where there is one, else the words."""
    number = number_asked(q)
    if number is not None:
        t = cases
        if connection.scalar(select(t.c.number).where(t.c.number == number)) is not None:
            return number, ()
    return None, asked(q)


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

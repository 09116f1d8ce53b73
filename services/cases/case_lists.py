"""Lists of cases: what a question asks for, in its order, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select, text, true

from services.cases.case_conditions import Wanted, wanted
from services.cases.case_order import (
    Cursor,
    Stretch,
    cursor_of,
    cursor_text,
    read_cursor,
    stretches_from,
)
from services.cases.model.words import Phrase, asked, number_asked
from services.cases.search import on_postgresql, on_sqlite
from services.cases.tables import cases
from services.contracts.case_commands import CaseQuestion

NEAR = 2000  # so many cases are looked through for a frequent word before the index is asked
# A plan for any value would be a bad one for some: "open" is rare among a million cases.
_PLAN_WELL = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true),"
    " set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)"
)


@dataclass(frozen=True)
class _Part:
    """A stretch of a list, from behind the cursor, where that lies in it."""

    found: Wanted
    stretch: Stretch
    cursor: Cursor | None
    phrases: Sequence[Phrase]

    def statement(self, *columns: Any) -> Select[Any]:
        """The part in its order."""
        number = self.found.number
        key = number if self.stretch.column is None else self.stretch.column
        statement = select(cases.c.number, key.label("key"), *columns)
        statement = statement.select_from(self.found.tables).where(*self.found.conditions)
        if self.stretch.only is not None:
            statement = statement.where(self.stretch.only)
        if self.cursor is not None:
            key, last = self.cursor.key, self.cursor.number
            statement = statement.where(self.stretch.behind(number, key, last))
        return statement.order_by(*self.stretch.order(number))


def list_cases(connection: Connection, question: CaseQuestion) -> dict[str, Any]:
    """A page of cases: {"items": [snapshot …], "next": cursor or None}.

    Raises InvalidRequest for a cursor that is none, and for too long a search.
    """
    sort = question.sort
    cursor = read_cursor(sort, question.cursor) if question.cursor is not None else None
    number, phrases = _search(connection, question.q or "")
    if (question.q or "").strip() and number is None and not phrases:
        return {"items": [], "next": None}  # nothing but signs, which no word has
    if connection.dialect.name == "postgresql":
        connection.execute(_PLAN_WELL)
    found = wanted(connection, question, number)
    rows: list[tuple[int, Any]] = []
    for place, stretch in stretches_from(sort, cursor):
        behind = cursor if cursor is not None and cursor.stretch == place else None
        part = _Part(found, stretch, behind, phrases)
        missing = question.limit + 1 - len(rows)
        rows += [(place, row) for row in _read(connection, part, missing)]
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


def _read(connection: Connection, part: _Part, most: int) -> Sequence[Any]:
    if not part.phrases:
        return connection.execute(part.statement(cases.c.snapshot).limit(most)).all()
    if connection.dialect.name == "sqlite":
        return connection.execute(_with_fts5(part).limit(most)).all()
    near = connection.execute(_near(part, most)).all()
    looked_through = near[0].looked_through
    rows = [row for row in near if row.number is not None]
    if len(rows) == most or looked_through < NEAR:
        return rows
    return connection.execute(_by_index(part).limit(most)).all()


def _with_fts5(part: _Part) -> Select[Any]:
    t = on_sqlite.TABLE
    found = part.found
    if found.number is cases.c.number:
        found = Wanted(found.tables, found.conditions, t.c.rowid)  # which FTS5 gives in order
    found = Wanted(
        found.tables.join(t, t.c.rowid == cases.c.number),
        [*found.conditions, on_sqlite.matches(part.phrases)],
        found.number,
    )
    return _Part(found, part.stretch, part.cursor, ()).statement(cases.c.snapshot)


def _near(part: _Part, most: int) -> Select[Any]:
    """What is found in the first NEAR cases of the list, and how many cases these are.

    A frequent word is found there, without reading all the cases that the index has for it.
    """
    t = on_postgresql.TABLE
    near = part.statement().limit(NEAR).cte("near").prefix_with("MATERIALIZED")
    ordered = part.stretch.column is None
    keys = [near.c.number] if ordered else [near.c.key, near.c.number]
    page = (
        select(near.c.number, near.c.key, cases.c.snapshot)
        .join(t, t.c.number == near.c.number)
        .join(cases, cases.c.number == near.c.number)
        .where(on_postgresql.matches(part.phrases))
        .order_by(*(key.desc() if part.stretch.down else key.asc() for key in keys))
        .limit(most)
        .subquery("page")
    )
    count = select(func.count().label("looked_through")).select_from(near).subquery("count")
    columns = (count.c.looked_through, page.c.number, page.c.key, page.c.snapshot)
    keys = [page.c.number] if ordered else [page.c.key, page.c.number]
    order = [key.desc() if part.stretch.down else key.asc() for key in keys]
    return select(*columns).select_from(count.outerjoin(page, true())).order_by(*order)


def _by_index(part: _Part) -> Select[Any]:
    """All that the index finds, sorted: for words that are rare."""
    t = on_postgresql.TABLE
    found = select(t.c.number).where(on_postgresql.matches(part.phrases))
    rare = found.cte("rare").prefix_with("MATERIALIZED")
    tables = part.found.tables.join(rare, rare.c.number == cases.c.number)
    narrowed = Wanted(tables, part.found.conditions, part.found.number)
    return _Part(narrowed, part.stretch, part.cursor, ()).statement(cases.c.snapshot)

"""How PostgreSQL reads a part of a list without reading all that could be in it.

Its planner takes what a question asks for as spread evenly over every order. It is not: what is
open is new, and a section that has closed has old cases only. Trusted with that, it would read a
million cases in order to find a page of them. So where no index gives the page at once, the first
cases of the whole list are looked through; what is frequent among them is found there. What is
not, is rare enough to be read by its own index and sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, Connection, FromClause, Select, func, select, text, true

from services.cases.case_conditions import Condition
from services.cases.list_parts import Part
from services.cases.model.words import Phrase
from services.cases.search import on_postgresql
from services.cases.tables import cases

NEAR = 2000
SAMPLE = 500  # of the newest cases, in which words show how frequent they are
FREQUENT = SAMPLE // 20
# For this transaction: a plan for any value would be a bad one for some, and none of these
# plans is worth compiling or should read a whole table, by a merge join neither.
_PLAN_WELL = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true),"
    " set_config('jit', 'off', true), set_config('enable_seqscan', 'off', true),"
    " set_config('enable_mergejoin', 'off', true)"
)


def plan_well(connection: Connection) -> None:
    """Let this transaction plan for what is asked, and for pages."""
    connection.execute(_PLAN_WELL)


def read_part(
    connection: Connection, part: Part, phrases: Sequence[Phrase], most: int
) -> Sequence[Any]:
    """The first rows of the part, `most` of them, in its order."""
    found = part.found
    if phrases:
        near = _near(part, most, on_postgresql.TABLE, on_postgresql.holds(phrases))
    elif found.narrow and (part.stretch.column is not None or found.scattered):
        near = _near(part.of_all(), most, found.tables, *found.narrow)
    else:
        return connection.execute(part.statement(cases.c.snapshot).limit(most)).all()
    rows = connection.execute(near).all()
    looked_through = rows[0].looked_through
    rows = [row for row in rows if row.number is not None]
    if len(rows) == most or looked_through < NEAR:
        return rows
    if not phrases:
        return connection.execute(_sorted_apart(part, most)).all()
    every = _found_by_words(part, *_by_frequency(connection, phrases))
    return connection.execute(every.limit(most)).all()


def _near(part: Part, most: int, tables: FromClause, *conditions: Condition) -> Select[Any]:
    """What is found in the first NEAR cases of the part, and how many cases these are."""
    near = _fenced(part.statement().limit(NEAR), "near")
    number = cases.c.number if tables is not on_postgresql.TABLE else tables.c.number
    page = select(near.c.number, near.c.key, cases.c.snapshot).join(tables, number == near.c.number)
    if tables is on_postgresql.TABLE:
        page = page.join(cases, cases.c.number == near.c.number)
    page = page.where(*conditions).order_by(*_order(part, near)).limit(most)
    found = page.subquery("page")
    count = select(func.count().label("looked_through")).select_from(near).subquery("count")
    columns = (count.c.looked_through, found.c.number, found.c.key, found.c.snapshot)
    statement = select(*columns).select_from(count.outerjoin(found, true()))
    return statement.order_by(*_order(part, found))


def _by_frequency(
    connection: Connection, phrases: Sequence[Phrase]
) -> tuple[Sequence[Phrase], Sequence[Phrase]]:
    """The phrases to ask the index for, and those to look for in what it finds.

    The index would collect every case with the beginning of a frequent word.
    """
    if len(phrases) == 1:
        return phrases, ()
    t = on_postgresql.TABLE
    newest = select(t.c.number, t.c.document).order_by(t.c.number.desc()).limit(SAMPLE)
    sample = _fenced(newest, "sample")
    shares = [on_postgresql.share(one, sample.c.document) for one in phrases]
    counts = connection.execute(select(*shares)).one()
    rare = [one for one, count in zip(phrases, counts, strict=True) if count <= FREQUENT]
    if not rare:
        return phrases, ()
    return rare, [one for one in phrases if one not in rare]


def _found_by_words(
    part: Part, phrases: Sequence[Phrase], besides: Sequence[Phrase]
) -> Select[Any]:
    """What the index of the words finds, sorted."""
    t = on_postgresql.TABLE
    matching = select(t.c.number).where(on_postgresql.matches(phrases))
    if besides:
        matching = matching.where(on_postgresql.holds(besides))
    found = _fenced(matching, "found")
    tables = part.found.tables.join(found, found.c.number == cases.c.number)
    return part.with_tables(tables, part.found.number).statement(cases.c.snapshot)


def _sorted_apart(part: Part, most: int) -> Select[Any]:
    """All that the question asks for, read by an index of its own and then sorted."""
    found = _fenced(part.statement().order_by(None), "found")
    first = select(found).order_by(*_order(part, found)).limit(most).subquery("first")
    statement = select(first.c.number, first.c.key, cases.c.snapshot)
    statement = statement.join(cases, cases.c.number == first.c.number)
    return statement.order_by(*_order(part, first))


def _fenced(statement: Select[Any], name: str) -> CTE:
    """Worked out by itself, whatever is asked of it then."""
    return statement.cte(name).prefix_with("MATERIALIZED")


def _order(part: Part, rows: FromClause) -> list[Any]:
    keys = [rows.c.number] if part.stretch.column is None else [rows.c.key, rows.c.number]
    return [key.desc() if part.stretch.down else key.asc() for key in keys]

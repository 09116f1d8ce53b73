"""All SQL that keeps the sums of each month: what moves with a case, or all of them anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    case,
    delete,
    func,
    literal,
    select,
)

from services.reporting.model.measures import MEASURES, PART, STORED, Sums, measures_of
from services.reporting.tables import CUBES, Cube
from services.runtime.upsert import upsert

Row = Mapping[str, Any]
Moved = tuple[Row | None, Row]  # a fact as it was, if it was, and as it is now
Key = tuple[Any, ...]


def move(connection: Connection, moved: Iterable[Moved]) -> None:
    """Take each fact as it was out of the sums, and put it in as it is."""
    moves = list(moved)
    for cube in CUBES:
        _add(connection, cube, _differences(cube, moves, measures_of))


def make_anew(connection: Connection, facts: Table) -> None:
    """Make all sums from these facts, which must not change until the commit."""
    for cube in CUBES:
        connection.execute(delete(cube.table))
        columns = [*cube.key, *MEASURES]
        connection.execute(cube.table.insert().from_select(columns, sums_from(cube, facts)))


def sums_from(cube: Cube, facts: Table) -> Select[Any]:
    """What the cube has to hold, worked out of the facts: its key, then its measures."""
    columns = [key_column(facts, name).label(name) for name in cube.key]
    measures = measure_columns(facts)
    inner = select(*columns, *(measures[name].label(name) for name in MEASURES))
    cut = inner.subquery("cut")
    key = [cut.c[name] for name in cube.key]
    return select(*key, *(func.sum(cut.c[name]) for name in MEASURES)).group_by(*key)


def measure_columns(facts: Table) -> dict[str, ColumnElement[int]]:
    """Each measure of a fact (model/measures.py) as the database works it out."""
    c, none = facts.c, literal(0)
    revenue, cost = func.coalesce(c.revenue_units, none), func.coalesce(c.cost_units, none)
    chance = func.coalesce(c.probability, none)
    # Divided towards the smaller number, as Python does: a rest is never negative.
    high_revenue, high_cost = _floored(revenue), _floored(cost)
    return {
        "count": literal(1),
        **{name: func.coalesce(c[name], none) for name in STORED},
        "revenue_high": high_revenue,
        "revenue_low": revenue - high_revenue * PART,
        "cost_high": high_cost,
        "cost_low": cost - high_cost * PART,
        "weighted_high": high_revenue * chance,
        "weighted_low": (revenue - high_revenue * PART) * chance,
    }


def _floored(units: ColumnElement[int]) -> ColumnElement[int]:
    """How often PART is in the units; databases divide towards zero."""
    below = case((units % PART < 0, 1), else_=0)
    floored: ColumnElement[int] = units // PART - below
    return floored


def key_column(facts: Table, name: str) -> ColumnElement[Any]:
    """The same as the database works it out."""
    column: ColumnElement[Any] = facts.c[name]
    return func.coalesce(column, 0) if name.endswith("_id") else column


def key_of(cube: Cube, fact: Row) -> Key:
    """Where a fact stands among the sums."""
    return tuple((fact[name] or 0) if name.endswith("_id") else fact[name] for name in cube.key)


def _differences(
    cube: Cube, moves: Iterable[Moved], measured: Callable[[Row], Sums]
) -> dict[Key, Sums]:
    """What to add to each row of the cube."""
    found: dict[Key, Sums] = {}
    for before, after in moves:
        for fact, sign in ((before, -1), (after, 1)):
            if fact is None:
                continue
            sums, more = found.setdefault(key_of(cube, fact), []), measured(fact)
            sums[:] = [
                one + sign * other for one, other in zip(sums or [0] * len(more), more, strict=True)
            ]
    return {key: sums for key, sums in found.items() if any(sums)}


def _add(connection: Connection, cube: Cube, differences: Mapping[Key, Sums]) -> None:
    if not differences:
        return
    statement = upsert(connection, cube.table)
    new, there = statement.excluded, cube.table.c
    statement = statement.on_conflict_do_update(
        index_elements=list(cube.key),
        set_={name: there[name] + new[name] for name in MEASURES},
    )
    # In one order, so that two processes never wait for each other crosswise.
    rows = [
        dict(zip((*cube.key, *MEASURES), (*key, *differences[key]), strict=True))
        for key in sorted(differences)
    ]
    connection.execute(statement, rows)

"""What groups of cases add up to: from sums of months where they can tell, from facts otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, literal, select

from services.reporting.asked import COLUMNS, Asked, Key
from services.reporting.from_facts import measures_in, sum_of
from services.reporting.model.measures import Sums
from services.reporting.model.windows import Cover, cover, windows
from services.reporting.tables import CUBES, Cube

Found = dict[Key, Sums]


def add_up(connection: Connection, asked: Asked) -> Found:
    """The measures for the figures asked for, of each group that has any case."""
    found: Found = {}
    cube = next((one for one in CUBES if asked.sums_can_tell(one.cuts)), None)
    if cube is None:
        stretches = windows(asked.unit, *asked.span.of_facts(), asked.zone)
        _put(found, measures_in(connection, asked, stretches), 1)
    else:
        parts = cover(asked.unit, *asked.span.of_months(), asked.zone)
        _put(found, _from_cube(connection, asked, cube, parts), 1)
        _put(found, measures_in(connection, asked, parts.put_in), 1)
        _put(found, measures_in(connection, asked, parts.taken_out), -1)
    return {key: sums for key, sums in found.items() if sums[0]}


def _from_cube(
    connection: Connection, asked: Asked, cube: Cube, parts: Cover
) -> Iterator[tuple[Key, Sums]]:
    if not parts.months:
        return
    c = cube.table.c
    keys: list[ColumnElement[Any]] = [c[COLUMNS[cut]] for cut in asked.cuts]
    month = c.created_month if asked.unit is not None else literal(min(parts.months))
    group = [*([c.created_month] if asked.unit is not None else []), *keys, c.currency]
    dialect = connection.dialect.name
    sums = [sum_of(dialect, c[name]) for name in asked.figures.measures]
    question = (
        select(month, *keys, c.currency, *sums)
        .where(c.created_month.between(min(parts.months), max(parts.months)))
        .where(*asked.wanted.conditions(dict(c.items())))
        .group_by(*group)
    )
    width = len(keys)
    for row in connection.execute(question).all():
        texts = without_zeros(row[1 : width + 1])
        yield (parts.months[row[0]], texts, row[width + 1]), list(row[width + 2 :])


def without_zeros(texts: Iterable[Any]) -> tuple[Any, ...]:
    """The values of cuts in sums, where the number of what a case does not have is 0."""
    return tuple([text or None if text == 0 else text for text in texts])


def _put(found: Found, measured: Iterator[tuple[Key, Sums]], sign: int) -> None:
    for key, sums in measured:
        there = found.get(key)
        if there is None:
            found[key] = sums if sign == 1 else [-one for one in sums]
        else:
            found[key] = [one + sign * more for one, more in zip(there, sums, strict=True)]

"""All SQL that adds up facts, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    and_,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    true,
    values,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.contracts.reports import CUSTOM
from services.reporting.asked import COLUMNS, Asked, Key
from services.reporting.cubes import measure_columns
from services.reporting.model.windows import Window, joined_up
from services.reporting.tables import facts
from services.reporting.wanted import custom_field

PARTNER_CATEGORY = "partner_category"
MOST_WINDOWS = 2_000  # in one statement


def measures_in(
    connection: Connection, asked: Asked, parts: Sequence[Window]
) -> Iterator[tuple[Key, list[int]]]:
    """The measures of the cases in these windows, by group; a group may come more than once."""
    width = len(asked.cuts)
    for some, row in _rows(connection, asked, parts, asked.figures.measures):
        key = (some[row[0]].place, tuple(row[1 : width + 1]), row[width + 1])
        yield key, list(row[width + 2 :])


def delays_in(
    connection: Connection, asked: Asked, parts: Sequence[Window]
) -> Iterator[tuple[Key, int, int]]:
    """How many closed cases in these windows have which step of the delay, by group."""
    width = len(asked.cuts)
    for some, row in _rows(connection, asked, parts, ("count",), facts.c.delay_step):
        key = (some[row[0]].place, tuple(row[1 : width + 1]), row[width + 2])
        yield key, row[width + 1], row[width + 3]


def _rows(
    connection: Connection,
    asked: Asked,
    parts: Sequence[Window],
    measures: Sequence[str],
    step: ColumnElement[Any] | None = None,
) -> Iterator[tuple[Sequence[Window], Any]]:
    filled = asked.span.with_cases(parts)
    filled.sort(key=lambda part: part.begin)
    for first in range(0, len(filled), MOST_WINDOWS):
        some = filled[first : first + MOST_WINDOWS]
        for row in connection.execute(
            _question(connection.dialect.name, asked, some, measures, step)
        ):
            yield some, row


def _question(
    dialect: str,
    asked: Asked,
    parts: Sequence[Window],
    measures: Sequence[str],
    step: ColumnElement[Any] | None,
) -> Select[Any]:
    """By the place of the window among `parts`, the cuts, the step and the currency.

    A subquery, since PostgreSQL does not see that two columns made of bound values are the same.
    """
    each = _partner_categories(dialect)
    keys = [_column(cut, each) for cut in asked.cuts] + ([] if step is None else [step])
    named = [key.label(f"cut_{place}") for place, key in enumerate(keys)]
    known = measure_columns(facts)
    place, tables, within = _in_windows(dialect, parts)
    if PARTNER_CATEGORY in asked.cuts:
        tables = tables.outerjoin(each, true())
    inner = (
        select(place.label("part"), *named, facts.c.currency)
        .add_columns(*(known[name].label(name) for name in measures))
        .select_from(tables)
        .where(within, *asked.wanted.conditions_on_facts(dialect))
    )
    if step is not None:
        inner = inner.where(step.is_not(None))
    cut = inner.subquery("cut")
    group = [cut.c.part, *(cut.c[key.name] for key in named), cut.c.currency]
    return select(*group, *(sum_of(dialect, cut.c[name]) for name in measures)).group_by(*group)


def sum_of(dialect: str, measure: ColumnElement[Any]) -> ColumnElement[Any]:
    """Its sum as a whole number of 64 bits, which measures are cut to.

    PostgreSQL makes decimals of such sums, and these take long to read.
    """
    added = func.sum(measure)
    return cast(added, BigInteger) if dialect == "postgresql" else added


def _in_windows(
    dialect: str, parts: Sequence[Window]
) -> tuple[ColumnElement[int], FromClause, ColumnElement[bool]]:
    """The place of a fact's window, what to read from, and the condition of being in one.

    PostgreSQL would take each window of a table of them for far wider than an hour or a day, and
    read all facts for each. Told of their bounds it looks each up, or reads all facts once.
    """
    created = facts.c.created_seconds
    if len(parts) == 1:
        return literal(0), facts, and_(created >= parts[0].begin, created < parts[0].end)
    if dialect == "postgresql":
        bounds = [bound for part in parts for bound in (part.begin, part.end)]
        bucket = func.width_bucket(created, cast(bounds, ARRAY(BigInteger)), type_=Integer)
        ranges = [and_(created >= begin, created < end) for begin, end in joined_up(parts)]
        return bucket // 2, facts, or_(*ranges)
    numbers = (column("part", Integer), column("begins", BigInteger), column("ends", BigInteger))
    rows = [(place, part.begin, part.end) for place, part in enumerate(parts)]
    table = values(*numbers, name="parts").data(rows).cte("parts")
    joined = table.join(facts, and_(created >= table.c.begins, created < table.c.ends))
    return table.c.part, joined, true()


def _partner_categories(dialect: str) -> Any:
    listed = facts.c.partner_categories
    each = func.jsonb_array_elements_text if dialect == "postgresql" else func.json_each
    return each(listed).table_valued("value", joins_implicitly=True)


def _column(cut: str, partner_categories: Any) -> ColumnElement[Any]:
    if cut.startswith(CUSTOM):
        return custom_field(cut.removeprefix(CUSTOM))
    if cut == PARTNER_CATEGORY:
        return cast(partner_categories.c.value, Integer)
    named: ColumnElement[Any] = facts.c[COLUMNS[cut]]
    return named

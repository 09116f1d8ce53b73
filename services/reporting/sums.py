"""All SQL that adds up: from the sums of months where they can tell, from facts otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
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
    select,
    true,
    values,
)

from services.contracts.reports import CUSTOM
from services.reporting.cubes import measure_columns
from services.reporting.model.measures import MEASURES, Sums
from services.reporting.model.period import Period
from services.reporting.model.windows import Cover, Place, Unit, Window, cover, windows
from services.reporting.tables import CUBES, DELAYS, Cube, facts
from services.reporting.wanted import Wanted, custom_field

COLUMNS = {
    "user": "responsible_id",
    "section": "section_id",
    "state": "state",
    "kind": "kind",
    "category": "category_id",
    "partner": "partner_id",
    "priority": "priority",
}
PARTNER_CATEGORY = "partner_category"
SHORT: tuple[Unit, ...] = ("day", "week")
MONTH_AND_MORE = 40 * 86_400  # seconds
MOST_WINDOWS = 2_000  # in one statement

# By the place in time, the values of the cuts in their order, and the currency.
Key = tuple[Place, tuple[Any, ...], str]
Found = dict[Key, Sums]


@dataclass(frozen=True)
class Span:
    """The time that a question is about; all in seconds since 1970, `end` is behind it.

    `first` and `last` are when the first case of all was created, and the last one.
    """

    begin: int | None
    end: int | None
    first: int
    last: int

    def of_facts(self) -> tuple[int, int]:
        """From where to where facts can be."""
        return self._within(self.first, self.last + 1)

    def of_months(self) -> tuple[int, int]:
        """The same, with the whole months of the first and of the last case."""
        return self._within(self.first - MONTH_AND_MORE, self.last + MONTH_AND_MORE)

    def _within(self, first: int, end: int) -> tuple[int, int]:
        begin = first if self.begin is None else max(self.begin, first)
        return begin, end if self.end is None else min(self.end, end)


@dataclass(frozen=True)
class Asked:
    """What to add up: in which time, by what, and of which cases.

    `cuts` are those of ReportQuestion, without those of time. `steps` asks for the number of
    closed cases by the step of their delay, which comes last among the values, not for measures.
    """

    span: Span
    unit: Unit | None
    cuts: tuple[str, ...]
    zone: tzinfo
    wanted: Wanted
    steps: bool = False


def span_of(connection: Connection, period: Period) -> Span | None:
    """The time of a question about this period; None where there is no case at all."""
    created = facts.c.created_seconds
    first = connection.scalar(select(func.min(created)))
    last = connection.scalar(select(func.max(created)))
    if first is None or last is None:
        return None
    begin, end = (
        int(moment.timestamp()) if moment else None for moment in (period.begin, period.end)
    )
    return Span(begin, end, int(first), int(last))


def add_up(connection: Connection, asked: Asked) -> Found:
    """The measures of each group that has any case."""
    found: Found = {}
    cube = _cube_for(asked)
    if cube is None:
        stretches = windows(asked.unit, *asked.span.of_facts(), asked.zone)
        _from_facts(connection, asked, stretches, found, 1)
    else:
        parts = cover(asked.unit, *asked.span.of_months(), asked.zone)
        _from_cube(connection, asked, cube, parts, found)
        _from_facts(connection, asked, parts.put_in, found, 1)
        _from_facts(connection, asked, parts.taken_out, found, -1)
    return {key: sums for key, sums in found.items() if sums[0]}


def _cube_for(asked: Asked) -> Cube | None:
    if asked.unit in SHORT or asked.wanted.needs_facts:
        return None
    if any(cut not in COLUMNS for cut in asked.cuts):
        return None
    needed = {COLUMNS[cut] for cut in asked.cuts} | asked.wanted.columns
    fitting = (cube for cube in ([DELAYS] if asked.steps else CUBES) if needed <= set(cube.cuts))
    return next(fitting, None)


def _from_cube(
    connection: Connection, asked: Asked, cube: Cube, parts: Cover, found: Found
) -> None:
    if not parts.months:
        return
    c = cube.table.c
    keys: list[ColumnElement[Any]] = [c[COLUMNS[cut]] for cut in asked.cuts]
    keys += [c.delay_step] if asked.steps else []
    month = c.created_month if asked.unit is not None else literal(min(parts.months))
    group = [*([c.created_month] if asked.unit is not None else []), *keys, c.currency]
    question = (
        select(month, *keys, c.currency, *(func.sum(c[name]) for name in cube.measures))
        .where(c.created_month.between(min(parts.months), max(parts.months)))
        .where(*asked.wanted.conditions(dict(c.items())))
        .group_by(*group)
    )
    # An id that a case does not have is 0 in a cube.
    ids = [place for place, cut in enumerate(asked.cuts) if COLUMNS[cut].endswith("_id")]
    width = len(keys)
    for row in connection.execute(question):
        texts = list(row[1 : width + 1])
        for place in ids:
            texts[place] = texts[place] or None
        _put(found, (parts.months[row[0]], tuple(texts), row[width + 1]), row[width + 2 :], 1)


def _from_facts(
    connection: Connection, asked: Asked, parts: Sequence[Window], found: Found, sign: int
) -> None:
    width = len(asked.cuts) + asked.steps
    for first in range(0, len(parts), MOST_WINDOWS):
        some = parts[first : first + MOST_WINDOWS]
        for row in connection.execute(_facts_question(connection.dialect.name, asked, some)):
            key = (some[row[0]].place, tuple(row[1 : width + 1]), row[width + 1])
            _put(found, key, row[width + 2 :], sign)


def _facts_question(dialect: str, asked: Asked, parts: Sequence[Window]) -> Select[Any]:
    """By the place of the window among `parts`, the cuts and the currency: the measures.

    A subquery, since PostgreSQL does not see that two columns made of bound values are the same.
    """
    each = _partner_categories(dialect)
    keys = [_column(cut, each) for cut in asked.cuts] + (
        [facts.c.delay_step] if asked.steps else []
    )
    named = [key.label(f"cut_{place}") for place, key in enumerate(keys)]
    measures = measure_columns(facts)
    sums = ["count"] if asked.steps else list(MEASURES)
    place, tables, within = _in_windows(parts)
    if PARTNER_CATEGORY in asked.cuts:
        tables = tables.outerjoin(each, true())
    inner = (
        select(place.label("part"), *named, facts.c.currency)
        .add_columns(*(measures[name].label(name) for name in sums))
        .select_from(tables)
        .where(within, *asked.wanted.conditions_on_facts(dialect))
    )
    if asked.steps:
        inner = inner.where(facts.c.delay_step.is_not(None))
    cut = inner.subquery("cut")
    group = [cut.c.part, *(cut.c[key.name] for key in named), cut.c.currency]
    return select(*group, *(func.sum(cut.c[name]) for name in sums)).group_by(*group)


def _in_windows(
    parts: Sequence[Window],
) -> tuple[ColumnElement[int], FromClause, ColumnElement[bool]]:
    """The place of a fact's window, what to read from, and the condition of being in one."""
    created = facts.c.created_seconds
    if len(parts) == 1:
        return literal(0), facts, and_(created >= parts[0].begin, created < parts[0].end)
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


def _put(found: Found, key: Key, sums: Sequence[Any], sign: int) -> None:
    numbers = [sign * one for one in map(int, sums)]  # PostgreSQL answers sums as decimals
    there = found.get(key)
    found[key] = numbers if there is None else [a + b for a, b in zip(there, numbers, strict=True)]

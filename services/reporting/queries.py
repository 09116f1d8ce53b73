"""All SQL that reads facts, for callers of the service."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)

from services.contracts.cases import CLOSED
from services.contracts.reports import CUSTOM, Cut, Report, ReportQuestion
from services.reporting.model.custom_text import wanted_texts
from services.reporting.model.period import months, period_of, zone_named
from services.reporting.rows import NAMED, label, row_of, sorted_rows
from services.reporting.tables import facts, names

# Sums of 64-bit numbers overflow in SQLite: each amount is summed in two parts.
PART = 1_000_000_000

COLUMNS: dict[Cut, ColumnElement[Any]] = {
    "user": facts.c.responsible_id,
    "section": facts.c.section_id,
    "state": facts.c.state,
    "kind": facts.c.kind,
    "category": facts.c.category_id,
    "partner": facts.c.partner_id,
    "priority": facts.c.priority,
}


def report(connection: Connection, question: ReportQuestion) -> Report:
    """Count and sum the facts that the question asks for.

    Raises InvalidRequest for an unknown time zone or dates that cannot be.
    """
    zone = zone_named(question.time_zone)
    wanted = _conditions(connection, question, zone)
    by = tuple(dict.fromkeys(question.by))
    cut = _cut(connection, by, wanted, zone)
    statement = select(*_keys(cut, by), *_sums(cut)).group_by(*_keys(cut, by))
    records = connection.execute(_with_names(statement, cut, by)).mappings()
    persons = _persons(connection) if any(one.startswith(CUSTOM) for one in by) else {}
    rows = sorted_rows(by, [row_of(by, PART, dict(record), persons) for record in records])
    return Report(rows=tuple(rows), as_of=events_taken_in(connection))


def events_taken_in(connection: Connection) -> int:
    """The number of case events in the facts: the versions of a case count its events."""
    return int(connection.scalar(select(func.sum(facts.c.version))) or 0)


def count_of_unclosed(connection: Connection) -> int:
    """How many cases somebody has still to look at."""
    question = select(func.count()).where(facts.c.state.not_in(CLOSED))
    return int(connection.scalar(question) or 0)


def _conditions(
    connection: Connection, question: ReportQuestion, zone: ZoneInfo
) -> list[ColumnElement[bool]]:
    period = period_of(question.date_from, question.date_to, zone)
    found: list[ColumnElement[bool]] = []
    if period.begin is not None:
        found.append(facts.c.created_at >= period.begin)
    if period.end is not None:
        found.append(facts.c.created_at < period.end)
    if question.seen is not None:
        in_his = facts.c.section_id.in_(question.seen.section_ids)
        found.append(or_(in_his, facts.c.responsible_id == question.seen.responsible_id))
    if question.section_id is not None:
        found.append(facts.c.section_id.in_(_subtree(connection, question.section_id)))
    for name in ("responsible_id", "state", "kind"):
        value = getattr(question, name)
        if value is not None:
            found.append(facts.c[name] == value)
    for code, value in question.custom.items():
        field = _custom(code)
        found.append(field.in_(wanted_texts(value)) if value else field.is_(None))
    return found


def _custom(code: str) -> ColumnElement[Any]:
    """The text of a custom field (model/custom_text.py), NULL where the case has none."""
    text: ColumnElement[Any] = facts.c.custom[code].as_string()
    return text


def _persons(connection: Connection) -> dict[int, str]:
    """All users by number: custom fields may hold any of them."""
    question = select(names.c.id, names.c.name).where(names.c.what == "user")
    return {row.id: row.name for row in connection.execute(question)}


def _subtree(connection: Connection, section_id: int) -> list[int]:
    """The section and all below it, as the tree stands today."""
    t = names
    question = select(t.c.id, t.c.parent_id).where(t.c.what == "section")
    parents = {row.id: row.parent_id for row in connection.execute(question)}
    found = [section_id]
    for above in found:
        found += [id for id, parent in parents.items() if parent == above and id not in found]
    return found


def _cut(
    connection: Connection,
    by: tuple[Cut, ...],
    wanted: list[ColumnElement[bool]],
    zone: ZoneInfo,
) -> Subquery:
    """The facts wanted, with a column for each dimension.

    A subquery, since PostgreSQL does not see that the month it selects, made of bound
    values, is the month it groups by.
    """
    columns = [_column(connection, one, wanted, zone).label(label(one)) for one in by]
    c = facts.c
    amounts = (c.currency, c.revenue_units, c.cost_units, c.probability, c.milliseconds_to_close)
    closed = case((c.state.in_(CLOSED), 1), else_=0).label("closed")
    return select(*columns, *amounts, closed).where(*wanted).subquery("cut")


def _column(
    connection: Connection, cut: Cut, wanted: list[ColumnElement[bool]], zone: ZoneInfo
) -> ColumnElement[Any]:
    if cut.startswith(CUSTOM):
        return _custom(cut.removeprefix(CUSTOM))
    return _month(connection, wanted, zone) if cut == "month" else COLUMNS[cut]


def _month(
    connection: Connection, wanted: list[ColumnElement[bool]], zone: ZoneInfo
) -> ColumnElement[Any]:
    """The month of creation by the clocks of the zone, which databases do not all know."""
    created = facts.c.created_at
    first, last = connection.execute(
        select(func.min(created), func.max(created)).where(*wanted)
    ).one()
    if first is None:
        return literal("")
    return case(*[(created < month.end, month.label) for month in months(first, last, zone)])


def _keys(cut: Subquery, by: tuple[Cut, ...]) -> list[ColumnElement[Any]]:
    return [*(cut.c[label(dimension)] for dimension in by), cut.c.currency]


def _with_names(statement: Select[Any], cut: Subquery, by: tuple[Cut, ...]) -> Select[Any]:
    """The statement with the present name beside each number of a user, section or the like."""
    for dimension in by:
        if dimension in NAMED:
            named = names.alias(f"{dimension}_names")
            is_it = and_(named.c.what == NAMED[dimension], named.c.id == cut.c[dimension])
            statement = (
                statement.add_columns(named.c.name.label(f"{dimension}_name"))
                .outerjoin(named, is_it)
                .group_by(named.c.name)
            )
    return statement


def _sums(cut: Subquery) -> list[ColumnElement[Any]]:
    c = cut.c
    sums: list[ColumnElement[Any]] = [
        func.count().label("count"),
        func.sum(c.closed).label("closed"),
        func.count(c.milliseconds_to_close).label("timed"),
        func.sum(c.milliseconds_to_close).label("milliseconds"),
    ]
    for name, column, factor in (
        ("revenue", c.revenue_units, literal(1)),
        ("cost", c.cost_units, literal(1)),
        ("weighted", c.revenue_units, c.probability),
    ):
        sums.append(func.sum(column // PART * factor).label(f"{name}_high"))
        sums.append(func.sum(column % PART * factor).label(f"{name}_low"))
    return sums

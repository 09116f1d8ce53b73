"""What a question about cases asks for, as conditions in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, TextClause, exists, select

from services.cases import directory, tables
from services.cases.model.list_columns import texts_asked_for
from services.cases.model.tags import tag_asked_for
from services.cases.model.tree import with_descendants
from services.cases.sight import seen_by
from services.cases.tables import (
    IS_UNCLOSED,
    case_custom,
    case_partner_categories,
    case_tags,
    cases,
)
from services.contracts.case_commands import CaseQuestion
from services.contracts.cases import UNCLOSED
from services.contracts.directory import Section
from services.runtime.clock import now

Condition = ColumnElement[bool] | TextClause


@dataclass
class Wanted:
    """The tables to read, what must hold in them, and where the number of a case is read.

    A table that is sorted by number beside what it is asked for (such as the tags) gives the
    numbers in their order, so that nothing has to be sorted. `conditions` hold for nearly all
    cases, `narrow` are those that the question asks for. `scattered`: no index gives what it
    asks for in the order of the numbers.
    """

    tables: FromClause = cases
    conditions: list[Condition] = field(default_factory=list)
    narrow: list[Condition] = field(default_factory=list)
    number: ColumnElement[Any] = cases.c.number
    scattered: bool = False


def wanted(connection: Connection, question: CaseQuestion, number: int | None) -> Wanted:
    """What the question asks for, but for its words; `number`: the one case it asks for.

    A case that was merged into another is in no list, but is found by its number.
    """
    t = cases
    found = Wanted()
    conditions = found.narrow
    seen = seen_by(connection, question.asker_id)
    if seen is not None:
        conditions.append(seen)
        found.scattered = True
    found.conditions.append(t.c.merged_into.is_(None) if number is None else t.c.number == number)
    for column in ("responsible_id", "partner_id", "kind", "priority", "created_month"):
        value = getattr(question, column)
        if value is not None:
            conditions.append(t.c[column] == value)
    conditions += _created(found, question)
    if question.state:
        conditions += _states(question)
    if question.section_id is not None:
        _one_of(found, t.c.section_id, _sections(connection, question))
    if question.category_id is not None:
        _one_of(found, t.c.category_id, _categories(connection, question))
    conditions += [t.c[f"{name}_id"].is_(None) for name in question.without]
    if question.nobody:
        conditions.append(t.c.responsible_id.is_(None))
    if question.late:
        conditions.append(t.c.next_deadline < now())
    for code, text in question.custom.items():
        _with_custom(found, code, text)
    if question.tag is not None:
        _with_tag(found, question.tag)
    _of_partners(found, question)
    return found


def _created(found: Wanted, question: CaseQuestion) -> list[Condition]:
    t, among = cases, list[Condition]()
    if question.created_from is not None:
        among.append(t.c.created_at >= question.created_from)
    if question.created_before is not None:
        among.append(t.c.created_at < question.created_before)
    found.scattered = found.scattered or bool(among)
    return among


def _states(question: CaseQuestion) -> list[Condition]:
    states = set(question.state)
    if states == set(UNCLOSED):
        return [IS_UNCLOSED]
    among: list[Condition] = [cases.c.state.in_(sorted(states))]
    return [IS_UNCLOSED, *among] if states < set(UNCLOSED) else among


def _with_tag(found: Wanted, tag: str) -> None:
    t = case_tags
    found.tables = found.tables.join(t, t.c.case_number == cases.c.number)
    found.narrow.append(t.c.tag == tag_asked_for(tag))
    found.number = t.c.case_number


def _of_partners(found: Wanted, question: CaseQuestion) -> None:
    """The first category gives the numbers in their order, as a tag does."""
    t = case_partner_categories
    for place, id in enumerate(question.partner_category_id):
        if place == 0:
            found.tables = found.tables.join(t, t.c.case_number == cases.c.number)
            found.narrow.append(t.c.category_id == id)
            found.number = t.c.case_number
        else:
            its = t.alias()
            numbers = select(its.c.case_number).where(its.c.category_id == id)
            found.narrow.append(cases.c.number.in_(numbers))
    if question.no_partner_category:
        its = t.alias()
        found.narrow.append(~exists().where(its.c.case_number == cases.c.number))
        found.scattered = True


def _with_custom(found: Wanted, code: str, text: str) -> None:
    t = case_custom
    numbers = select(t.c.case_number).where(t.c.code == code, t.c.value.in_(texts_asked_for(text)))
    found.narrow.append(cases.c.number.in_(numbers))


def _one_of(found: Wanted, column: ColumnElement[Any], ids: Sequence[int]) -> None:
    found.narrow.append(column == ids[0] if len(ids) == 1 else column.in_(ids))
    found.scattered = found.scattered or len(ids) > 1


def _sections(connection: Connection, question: CaseQuestion) -> tuple[int, ...]:
    assert question.section_id is not None
    if "section" in question.exact:
        return (question.section_id,)
    parents = {one.id: one.parent_id for one in directory.every(connection, Section)}
    return with_descendants(parents, question.section_id)


def _categories(connection: Connection, question: CaseQuestion) -> tuple[int, ...]:
    assert question.category_id is not None
    if "category" in question.exact:
        return (question.category_id,)
    nodes = directory.tree(connection, tables.categories)
    parents = {one.id: one.parent_id for one in nodes.values()}
    return with_descendants(parents, question.category_id)

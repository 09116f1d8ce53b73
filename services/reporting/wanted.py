"""What a question wants of the cases, as conditions on facts or on sums of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from services.contracts.reports import ReportQuestion, Seen
from services.reporting.model.custom_text import wanted_texts
from services.reporting.tables import facts, names

BELOW = " / "  # between the names in a category's path


@dataclass(frozen=True)
class Wanted:
    """The filters of a question, with what lies below a section or category looked up.

    `equal` are columns with the values that they may have, `seen` what the asker may see;
    `custom` and `partner_category_id` only facts can tell.
    """

    equal: Mapping[str, Sequence[Any]]
    seen: Seen | None = None
    custom: Mapping[str, str] | None = None
    partner_category_id: int | None = None

    @property
    def columns(self) -> set[str]:
        """The columns of sums that are needed to tell."""
        sight = {"section_id", "responsible_id"} if self.seen else set()
        return {*self.equal, *sight}

    @property
    def needs_facts(self) -> bool:
        """Whether no sums can tell."""
        return bool(self.custom) or self.partner_category_id is not None

    def conditions(self, columns: Mapping[str, ColumnElement[Any]]) -> list[ColumnElement[bool]]:
        """What holds of these columns, of facts or of sums."""
        found: list[ColumnElement[bool]] = [columns["merged"] == 0]
        found += [columns[name].in_(values) for name, values in self.equal.items()]
        if self.seen is not None:
            in_his = columns["section_id"].in_(self.seen.section_ids)
            found.append(or_(in_his, columns["responsible_id"] == self.seen.responsible_id))
        return found

    def conditions_on_facts(self, dialect: str) -> list[ColumnElement[bool]]:
        """The same with what only facts can tell."""
        found = self.conditions(dict(facts.c.items()))
        for code, value in (self.custom or {}).items():
            field = custom_field(code)
            found.append(field.in_(wanted_texts(value)) if value else field.is_(None))
        if self.partner_category_id is not None:
            found.append(_in_category(dialect, self.partner_category_id))
        return found


def wanted_by(connection: Connection, question: ReportQuestion) -> Wanted:
    """The filters of a question, as the trees stand today."""
    equal: dict[str, Sequence[Any]] = {
        name: [getattr(question, name)]
        for name in ("responsible_id", "state", "kind", "partner_id", "priority")
        if getattr(question, name) is not None
    }
    if question.section_id is not None:
        equal["section_id"] = _sections(connection, question.section_id)
    if question.category_id is not None:
        equal["category_id"] = _categories(connection, question.category_id)
    return Wanted(equal, question.seen, question.custom, question.partner_category_id)


def custom_field(code: str) -> ColumnElement[Any]:
    """The text of a custom field (model/custom_text.py), NULL where the case has none."""
    text: ColumnElement[Any] = facts.c.custom[code].as_string()
    return text


def _in_category(dialect: str, id: int) -> ColumnElement[bool]:
    if dialect == "postgresql":
        return cast(facts.c.partner_categories, JSONB).contains([id])
    each = func.json_each(facts.c.partner_categories).table_valued("value")
    return select(each.c.value).where(each.c.value == id).exists()


def _sections(connection: Connection, section_id: int) -> list[int]:
    """The section and all below it."""
    t = names
    question = select(t.c.id, t.c.parent_id).where(t.c.what == "section")
    parents = {row.id: row.parent_id for row in connection.execute(question)}
    found = [section_id]
    for above in found:
        found += [id for id, parent in parents.items() if parent == above and id not in found]
    return found


def _categories(connection: Connection, category_id: int) -> list[int]:
    """The category and all below it: their names are paths."""
    question = select(names.c.id, names.c.name).where(names.c.what == "category")
    paths: dict[int, str] = {row.id: row.name for row in connection.execute(question)}
    path = paths.get(category_id)
    if path is None:
        return [category_id]
    return [id for id, one in paths.items() if one == path or one.startswith(path + BELOW)]

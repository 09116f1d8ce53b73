"""The rows beside a case by which lists find it: tags, custom fields, categories of its partner."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from services.cases.model.list_columns import custom_texts
from services.cases.sight import seen_by
from services.cases.tables import case_custom, case_partner_categories, case_tags, cases
from services.contracts.cases import CaseSnapshot

MOST_TAGS_LISTED = 200


def write_side_tables(
    connection: Connection, before: CaseSnapshot | None, after: CaseSnapshot
) -> None:
    """Write what differs; most changes touch nothing of this, and cost nothing."""
    if after.tags != (before.tags if before else ()):
        _write_tags(connection, before, after)
    if after.custom != (before.custom if before else {}):
        _write_custom(connection, before, after)
    if after.partner_categories != (before.partner_categories if before else ()):
        _write_partner_categories(connection, before, after)


def clear_side_tables(connection: Connection, number: int) -> None:
    """Take the case out of the lists by tag, custom field and category of its partner."""
    for table in (case_tags, case_custom, case_partner_categories):
        connection.execute(delete(table).where(table.c.case_number == number))


def list_tags(connection: Connection, asker_id: int | None = None) -> list[dict[str, Any]]:
    """The tags on cases that the user may see, the most used first: [{"tag", "count"} …]."""
    t = case_tags
    count = func.count().label("count")
    question = select(t.c.tag, count)
    seen = seen_by(connection, asker_id)
    if seen is not None:
        question = question.join(cases, cases.c.number == t.c.case_number).where(seen)
    question = question.group_by(t.c.tag).order_by(count.desc(), t.c.tag)
    rows = connection.execute(question.limit(MOST_TAGS_LISTED)).mappings()
    return [dict(row) for row in rows]


def _write_tags(connection: Connection, before: CaseSnapshot | None, after: CaseSnapshot) -> None:
    t = case_tags
    gone = set(before.tags if before else ()) - set(after.tags)
    new = [tag for tag in after.tags if before is None or tag not in before.tags]
    if gone:
        connection.execute(
            delete(t).where(t.c.case_number == after.number, t.c.tag.in_(sorted(gone)))
        )
    if new:
        connection.execute(insert(t), [{"tag": tag, "case_number": after.number} for tag in new])


def _write_custom(connection: Connection, before: CaseSnapshot | None, after: CaseSnapshot) -> None:
    t = case_custom
    if before is not None and before.custom:
        connection.execute(delete(t).where(t.c.case_number == after.number))
    texts = custom_texts(after)
    if texts:
        rows = [
            {"code": code, "value": text, "case_number": after.number}
            for code, text in texts.items()
        ]
        connection.execute(insert(t), rows)


def _write_partner_categories(
    connection: Connection, before: CaseSnapshot | None, after: CaseSnapshot
) -> None:
    """All of them anew: a process of a release that did not know the table may have left others."""
    t = case_partner_categories
    if before is not None:
        connection.execute(delete(t).where(t.c.case_number == after.number))
    ids = dict.fromkeys(after.partner_categories)
    if ids:
        connection.execute(
            insert(t), [{"category_id": id, "case_number": after.number} for id in ids]
        )

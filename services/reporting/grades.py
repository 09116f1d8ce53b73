"""All SQL about the grades that suppliers were given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select

from services.reporting.tables import grade_changes, grades


@dataclass(frozen=True)
class Given:
    """The grade that a supplier has, and since when."""

    category_id: int
    since: datetime


@dataclass(frozen=True)
class Change:
    """A supplier's new grade; `before_id` is None where it is his first."""

    partner_id: int
    before_id: int | None
    after_id: int
    reason: str


def given_grades(connection: Connection, grading_id: int) -> dict[int, Given]:
    """The grades of a grading, by partner."""
    rows = connection.execute(select(grades).where(grades.c.grading_id == grading_id))
    return {row.partner_id: Given(row.category_id, row.since) for row in rows}


def write_changes(
    connection: Connection, grading_id: int, changes: Sequence[Change], at: datetime
) -> None:
    """Write these grades, and that they changed; each supplier once."""
    partners = [one.partner_id for one in changes]
    mine = grades.c.grading_id == grading_id
    connection.execute(delete(grades).where(mine, grades.c.partner_id.in_(partners)))
    rows: list[dict[str, Any]] = [
        {
            "grading_id": grading_id,
            "partner_id": one.partner_id,
            "category_id": one.after_id,
            "since": at,
        }
        for one in changes
    ]
    connection.execute(insert(grades), rows)
    history = [{"grading_id": grading_id, "at": at, **vars(one)} for one in changes]
    connection.execute(insert(grade_changes), history)


def latest_changes(connection: Connection, grading_id: int, limit: int) -> list[RowMapping]:
    """The latest changes of a grading's grades, the newest first."""
    t = grade_changes
    question = select(t).where(t.c.grading_id == grading_id).order_by(t.c.id.desc()).limit(limit)
    return list(connection.execute(question).mappings())

"""The suppliers of a grading with their figures and grades, for callers of the service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from services.contracts.grades import (
    MOST_CHANGES,
    MOST_SUPPLIERS,
    GradeChange,
    GradesShown,
    Grading,
    KeptFrom,
    Supplier,
)
from services.reporting.grades import Given, given_grades, latest_changes
from services.reporting.gradings import get_grading
from services.reporting.model.grades import Figures, Verdict, judge
from services.reporting.problem_figures import problem_figures
from services.reporting.rows import look_up_names

Names = Mapping[int | None, str]


def show_grades(connection: Connection, grading_id: int, moment: datetime) -> GradesShown:
    """Who has which grade, by figures of this moment. Raises NotFound."""
    grading = get_grading(connection, grading_id)
    figures = problem_figures(connection, grading, moment)
    given = given_grades(connection, grading_id)
    partners = figures.keys() | given.keys()
    called = look_up_names(connection, "partner", partners)
    used = {grade.category_id for grade in grading.grades}
    used |= {one.category_id for one in given.values()}
    categories = look_up_names(connection, "partner_category", used)
    rank = {grade.category_id: place for place, grade in enumerate(grading.grades)}
    suppliers = [
        _supplier(
            grading,
            id,
            figures.get(id, Figures()),
            given.get(id),
            called=called,
            categories=categories,
        )
        for id in partners
    ]
    suppliers.sort(
        key=lambda one: (
            rank.get(one.category_id or 0, len(rank)),
            one.partner.casefold(),
            one.partner_id,
        )
    )
    return GradesShown(
        grading=grading,
        categories=tuple(categories[grade.category_id] for grade in grading.grades),
        suppliers=tuple(suppliers[:MOST_SUPPLIERS]),
        more=len(suppliers) > MOST_SUPPLIERS,
        changes=_changes(connection, grading_id),
    )


def _supplier(
    grading: Grading,
    id: int,
    figures: Figures,
    given: Given | None,
    *,
    called: Names,
    categories: Names,
) -> Supplier:
    verdict = judge(grading.grades, figures)
    return Supplier(
        partner_id=id,
        partner=called[id],
        count=figures.count,
        cost=figures.cost,
        without_rate=figures.without_rate,
        average_hours_to_respond=figures.hours,
        gradable=verdict is not None,
        category_id=given.category_id if given else None,
        category=categories[given.category_id] if given else "",
        since=given.since if given else None,
        kept_from=_kept_from(verdict, categories),
    )


def _kept_from(verdict: Verdict | None, categories: Names) -> KeptFrom | None:
    if verdict is None or verdict.better is None:
        return None
    id = verdict.better.category_id
    return KeptFrom(category_id=id, category=categories[id], limits=verdict.broken)


def _changes(connection: Connection, grading_id: int) -> tuple[GradeChange, ...]:
    rows = latest_changes(connection, grading_id, MOST_CHANGES)
    called = look_up_names(connection, "partner", {row["partner_id"] for row in rows})
    ids = {row[which] for row in rows for which in ("before_id", "after_id")}
    categories = look_up_names(connection, "partner_category", ids)
    return tuple(
        GradeChange(
            partner_id=row["partner_id"],
            partner=called[row["partner_id"]],
            before=categories[row["before_id"]] if row["before_id"] is not None else None,
            after=categories[row["after_id"]],
            reason=row["reason"],
            at=row["at"],
        )
        for row in rows
    )

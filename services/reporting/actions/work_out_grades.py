"""Suppliers get the grades that their quality problems leave them, and the cases hear of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import structlog
from sqlalchemy import Connection

from services.contracts.grades import Grading, PartnerGraded, PartnerGradedData
from services.messaging.transaction import Transaction, Transactions
from services.reporting import gradings, store
from services.reporting.grades import Change, Given, given_grades, write_changes
from services.reporting.model.grades import Figures, judge, reason
from services.reporting.problem_figures import problem_figures
from services.reporting.rows import look_up_names
from services.runtime.identity import new_id

BATCH = 500  # changes in one commit

log = structlog.get_logger()


def work_out_grades(transactions: Transactions, moment: datetime) -> int:
    """Grade all suppliers as of this moment; the number of grades that changed.

    Facts that an older release made, and that wait to be made anew, say nothing: until they
    are, all grades stay.
    """
    with transactions.database.read() as connection:
        if store.rebuild_is_wanted(connection):
            return 0
        active = [one for one in gradings.all_gradings(connection) if one.active]
    return sum(_grade(transactions, grading, moment) for grading in active)


def _grade(transactions: Transactions, grading: Grading, moment: datetime) -> int:
    """Figures are read outside the writing transaction: they take a while."""
    with transactions.database.read() as connection:
        figures = problem_figures(connection, grading, moment)
        changed = list(_changes(connection, grading, figures))
    done = 0
    for first in range(0, len(changed), BATCH):
        some = {one.partner_id for one in changed[first : first + BATCH]}
        with transactions.begin() as transaction:
            done += _write(transaction, grading, figures, some, moment)
    if done:
        log.info("grades changed", grading=grading.name, suppliers=done)
    return done


def _write(
    transaction: Transaction,
    grading: Grading,
    figures: Mapping[int, Figures],
    partners: set[int],
    moment: datetime,
) -> int:
    """Compare once more, now that nobody else can: each change is told once."""
    connection = transaction.connection
    gradings.take_turn(connection)
    if gradings.find_grading(connection, grading.id) != grading:
        return 0  # saved or deleted meanwhile; the next round goes by that
    changed = [one for one in _changes(connection, grading, figures) if one.partner_id in partners]
    if changed:
        write_changes(connection, grading.id, changed, moment)
    for change in changed:
        transaction.publish(_told(grading, change, moment))
    return len(changed)


def _changes(
    connection: Connection, grading: Grading, figures: Mapping[int, Figures]
) -> Iterator[Change]:
    """The suppliers whose grade is another than the one given, in order of their numbers."""
    given = given_grades(connection, grading.id)
    called = look_up_names(
        connection, "partner_category", [grade.category_id for grade in grading.grades]
    )
    for partner_id in sorted(figures.keys() | given.keys()):
        its = figures.get(partner_id, Figures())
        verdict = judge(grading.grades, its)
        before = given.get(partner_id)
        if verdict is None or _has(before, verdict.grade.category_id):
            continue
        better = called[verdict.better.category_id] if verdict.better else ""
        yield Change(
            partner_id,
            before.category_id if before else None,
            verdict.grade.category_id,
            reason(verdict, its, grading.currency, better),
        )


def _has(given: Given | None, category_id: int) -> bool:
    return given is not None and given.category_id == category_id


def _told(grading: Grading, change: Change, moment: datetime) -> PartnerGraded:
    return PartnerGraded(
        id=new_id(),
        occurred_at=moment,
        data=PartnerGradedData(
            partner_id=change.partner_id,
            category_id=change.after_id,
            leave_ids=_others(grading, change),
            grading_id=grading.id,
            grading=grading.name,
            reason=change.reason,
        ),
    )


def _others(grading: Grading, change: Change) -> tuple[int, ...]:
    """The other categories; the one he was in, too, where it is none of the grading any more."""
    all_of_them = {grade.category_id for grade in grading.grades}
    if change.before_id is not None:
        all_of_them.add(change.before_id)
    return tuple(sorted(all_of_them - {change.after_id}))

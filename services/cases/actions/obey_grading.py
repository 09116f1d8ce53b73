"""A supplier is put into the partner category that his grade says (R5)."""

from __future__ import annotations

from typing import cast

import structlog

from services.cases import directory, tables
from services.cases.actions.save_directory import save_entry_by
from services.contracts.directory import Partner, SavePartner
from services.contracts.envelope import Actor, Envelope
from services.contracts.errors import InvalidRequest, NotFound
from services.contracts.grades import PartnerGraded, PartnerGradedData
from services.messaging.transaction import Transaction

LONGEST_NAME = 400

log = structlog.get_logger()


def obey_grading(transaction: Transaction, message: Envelope) -> None:
    """Put the partner into the category and out of the others of the grading.

    It is the change that a user makes by hand: history, the partner's cases and the rules follow.
    A partner or category that there is not is logged: another try would find no more.
    """
    graded = cast(PartnerGraded, message).data
    connection = transaction.connection
    if graded.category_id not in directory.tree(connection, tables.partner_categories):
        log.warning("grade names no partner category", **graded.model_dump())
        return
    try:
        partner = directory.hold(connection, Partner, graded.partner_id)
        command = SavePartner(
            idempotency_key=message.id,
            id=partner.id,
            version=partner.version,
            fields={"category_ids": _categories(partner, graded)},
        )
        save_entry_by(transaction, Partner, command, _author(graded))
    except (NotFound, InvalidRequest) as error:
        log.warning("grade cannot be given", error=str(error), **graded.model_dump())


def _categories(partner: Partner, graded: PartnerGradedData) -> tuple[int, ...]:
    """Those he has, in their order; the new one at the end where he is not in it."""
    left = set(graded.leave_ids) - {graded.category_id}
    kept = tuple(id for id in partner.category_ids if id not in left)
    return kept if graded.category_id in kept else (*kept, graded.category_id)


def _author(graded: PartnerGradedData) -> Actor:
    """The system, with the reason: the history shows authors by name."""
    name = f"Casewire, grading “{graded.grading}”: {graded.reason}"
    return Actor(kind="system", name=name[:LONGEST_NAME])

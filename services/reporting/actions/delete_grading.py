"""A grading of suppliers is deleted; they stay in the categories that it put them into."""

from __future__ import annotations

import structlog

from services.contracts.errors import StaleVersion
from services.contracts.grades import DeleteGrading
from services.messaging.transaction import Transactions
from services.reporting import gradings

log = structlog.get_logger()


def delete_grading(transactions: Transactions, asked: DeleteGrading) -> None:
    """Delete it with its grades and their history; nothing happens when it is not there.

    Raises StaleVersion.
    """
    with transactions.begin() as transaction:
        gradings.take_turn(transaction.connection)
        found = gradings.find_grading(transaction.connection, asked.id)
        if found is None:
            return
        if found.version != asked.version:
            raise StaleVersion("grading", asked.version, found.version)
        gradings.remove_grading(transaction.connection, asked.id)
    log.info("grading deleted", grading=found.name, by_user=asked.actor_id)

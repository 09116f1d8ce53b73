"""A grading of suppliers is added or changed."""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy import Connection

from services.contracts.errors import InvalidRequest, StaleVersion
from services.contracts.grades import Grading, SaveGrading
from services.messaging.answers import answer_to, keep_answer
from services.messaging.transaction import Transactions
from services.reporting import gradings
from services.reporting.model.grading_saving import changed_grading, check_others
from services.reporting.tables import answers

log = structlog.get_logger()


def save_grading(transactions: Transactions, asked: SaveGrading) -> dict[str, Any]:
    """Carry out the command and answer the grading as JSON; the same key, the same answer.

    Suppliers are graded by it at the next round. Raises InvalidRequest, NotFound, StaleVersion.
    """
    with transactions.begin() as transaction:
        connection = transaction.connection
        gradings.take_turn(connection)
        answered = answer_to(connection, answers, _key(asked))
        if answered is not None:
            return dict(answered)
        before = _before(connection, asked)
        grading = changed_grading(before, asked.fields)
        check_others(grading, gradings.all_gradings(connection))
        if grading != before:
            write = gradings.write_grading if before else gradings.add_grading
            grading = write(connection, grading)
        answer = grading.model_dump(mode="json")
        keep_answer(connection, answers, _key(asked), answer)
    log.info("grading saved", grading=grading.name, by_user=asked.actor_id)
    return answer


def _before(connection: Connection, asked: SaveGrading) -> Grading | None:
    if asked.id is None:
        return None
    found = gradings.get_grading(connection, asked.id)
    if asked.version is None:
        raise InvalidRequest("version", "give the version that you read and changed")
    if asked.version != found.version:
        raise StaleVersion("grading", asked.version, found.version)
    return found


def _key(asked: SaveGrading) -> str:
    return f"save_grading:{asked.actor_id}:{asked.idempotency_key}"[:200]

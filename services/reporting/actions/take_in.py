"""Taking events into the facts, a batch in one stroke."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from services.contracts.cases import CaseEvent
from services.contracts.envelope import Envelope
from services.messaging.transaction import Failure, Transactions
from services.reporting import cubes, delays, metrics, store
from services.reporting.cubes import Moved
from services.reporting.projections.project_cases import facts_of
from services.reporting.projections.project_names import names_of
from services.reporting.tables import LIVE, REBUILT, Projection

log = structlog.get_logger()


def take_in(transactions: Transactions, messages: Sequence[Envelope]) -> list[Failure]:
    """Let a batch of events take effect in one commit; the answer holds those that failed.

    All rows go in by one statement a table: statements and savepoints for each message
    would cost several times as much. Only when that fails is each message tried alone, so
    that a bad one fails alone. Raises OperationalError when the database is away.
    """
    failures: list[Failure] = []
    try:
        taken = _take_in_at_once(transactions, messages)
    except Exception as error:  # noqa: BLE001  each message is tried again and fails by itself
        log.info("batch is taken in one by one", error=repr(error))
        taken, failures = _take_in_one_by_one(transactions, messages)
    for message in taken:
        metrics.EVENTS.labels(message.type).inc()
    return failures


def project(
    connection: Connection, targets: Sequence[Projection], messages: Sequence[Envelope]
) -> None:
    """Write what these events tell into facts and names, and into the sums of the live facts.

    Raises AmountTooLarge.
    """
    names = names_of(messages)
    for target in targets:
        moved = _write_facts(connection, target, messages)
        if target is LIVE:
            cubes.move(connection, moved)
            delays.move(connection, moved)
        store.write_names(connection, target, names)


def _write_facts(
    connection: Connection, target: Projection, messages: Sequence[Envelope]
) -> list[Moved]:
    """The facts that changed, as they were and as they are."""
    numbers = sorted({one.case_id for one in messages if isinstance(one, CaseEvent)})
    if not numbers:
        return []
    known = store.facts_as_they_are(connection, target, numbers)
    rows = facts_of(messages, known)
    others = store.claim(connection, target, [row for row in rows if row["number"] not in known])
    if others:  # another process has met these cases at the same moment
        known |= store.facts_as_they_are(connection, target, sorted(others))
        rows = facts_of(messages, known)
    store.overwrite(connection, target, [row for row in rows if row["number"] in known])
    return [(known.get(row["number"]), row) for row in rows]


def _take_in_at_once(transactions: Transactions, messages: Sequence[Envelope]) -> list[Envelope]:
    with transactions.begin() as transaction:
        connection = transaction.connection
        mine = transactions.inbox.claim(connection, [message.id for message in messages])
        fresh = list({message.id: message for message in messages if message.id in mine}.values())
        if fresh:
            project(connection, _targets(connection), fresh)
    return fresh


def _take_in_one_by_one(
    transactions: Transactions, messages: Sequence[Envelope]
) -> tuple[list[Envelope], list[Failure]]:
    """Each in a commit of its own: together they would lock names in an order of their own."""
    taken: list[Envelope] = []
    failures: list[Failure] = []
    for message in messages:
        try:
            taken += _take_in_at_once(transactions, [message])
        except OperationalError:
            raise  # no message is at fault: the database is away, or two waited for each other
        except Exception as error:  # noqa: BLE001  handed to the retry, which records it
            failures.append(Failure(message, error))
    return taken, failures


def _targets(connection: Connection) -> list[Projection]:
    """The live projection, and the rebuilt one while a rebuild is under way."""
    return [LIVE, REBUILT] if store.rebuild_is_under_way(connection) else [LIVE]

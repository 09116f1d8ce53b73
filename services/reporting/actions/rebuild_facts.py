"""Making all facts anew from the event log of the cases service, while the service runs.

From its beginning on, whatever comes in live is written to the rebuilt projection, too. An
event is in the log before it comes live, so between the log read to its end and what came
meanwhile nothing is missing, and the newest version of each case wins in both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import DataError

from services.contracts.envelope import Envelope
from services.messaging.transaction import Transactions
from services.reporting import store
from services.reporting.actions.compare_facts import Difference, differences, wrong_sums
from services.reporting.actions.read_log import ReadEvents, read_log
from services.reporting.actions.take_in import project
from services.reporting.errors import RebuildUnderWay, ReportingError
from services.reporting.tables import REBUILT
from services.runtime.exclusive import Exclusive

Progress = Callable[[int, float], None]  # events read, and the share of the log

MESSAGES_FAULT = (ReportingError, DataError)  # whatever else fails ends the rebuild


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did: events read, those left out, facts made, and where the old differed.

    `sums_put_right` are the sums of months that were not those of the facts beside them.
    """

    events: int
    left_out: tuple[str, ...]
    facts: int
    differences: tuple[Difference, ...]
    sums_put_right: int


def rebuild_facts(
    transactions: Transactions,
    read_events: ReadEvents,
    progress: Progress = lambda _events, _share: None,
) -> Rebuilt:
    """Rebuild facts and names; `read_events(after, limit)` is that of the cases service.

    `progress` is told the number of events read so far, and their share of the log. Raises
    RebuildUnderWay, and what `read_events` raises; then the facts are as they were.
    """
    turn = Exclusive(transactions.database, "rebuild")
    if not turn.try_acquire():
        raise RebuildUnderWay("another rebuild is running; wait until it has finished")
    try:
        return _rebuild(transactions, read_events, progress)
    finally:
        turn.release()


def _rebuild(transactions: Transactions, read_events: ReadEvents, progress: Progress) -> Rebuilt:
    with transactions.begin() as transaction:
        store.begin_rebuild(transaction.connection)
    events, left_out = 0, list[str]()
    try:
        for page in read_log(read_events):
            left_out += [*page.unreadable, *_write(transactions, page.messages)]
            events += len(page.messages)
            progress(events, page.share)
    except BaseException:
        with transactions.begin() as transaction:
            store.end_rebuild(transaction.connection)
        raise
    with transactions.database.read() as connection:  # before: it takes a while
        sums = wrong_sums(connection)
    with transactions.begin() as transaction:
        connection = transaction.connection
        store.end_rebuild(connection)
        found = differences(connection)
        facts = connection.scalar(select(func.count()).select_from(REBUILT.facts)) or 0
        store.switch_to_rebuilt(connection)
        store.rebuild_is_done(connection)
    return Rebuilt(events, tuple(left_out), facts, tuple(found), sums)


def _write(transactions: Transactions, messages: Sequence[Envelope]) -> list[str]:
    """Into the rebuilt projection; answers which failed, each by itself, and why."""
    try:
        with transactions.begin() as transaction:
            project(transaction.connection, [REBUILT], messages)
    except MESSAGES_FAULT as error:
        if len(messages) == 1:
            return [f"{messages[0].type} {messages[0].id}: {error}"]
        return [failed for message in messages for failed in _write(transactions, [message])]
    return []

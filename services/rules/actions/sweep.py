"""Timed rules fire when they are due. The cost is that of what is due, not of what waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog

from services.messaging.transaction import Transaction, Transactions
from services.rules import due_times, failures, known_cases, metrics
from services.rules.actions.fire import Occasion, count, fire
from services.rules.bookshelf import Bookshelf
from services.rules.due_times import DueRow
from services.rules.failures import Broke
from services.rules.model.chain import is_too_long
from services.rules.model.deadlines import with_moments
from services.rules.model.pause import pause_after
from services.rules.model.rulebook import RuleBook
from services.rules.model.transition import KnownCase
from services.rules.model.waiting import Due, due_of, why_now
from services.runtime.clock import now

BATCH = 200

log = structlog.get_logger()


def sweep(transactions: Transactions, bookshelf: Bookshelf) -> int:
    """Fire what is due by now; the number of rules that fired. One process at a time."""
    fired = 0
    moment = now()
    while _observe(transactions, moment):
        done = _fire_batch(transactions, bookshelf, moment)
        count(done)
        fired += len(done)
    return fired


def _observe(transactions: Transactions, moment: datetime) -> int:
    """Bring the gauges up to date; how many due times have passed."""
    with transactions.database.read() as connection:
        number, oldest = due_times.overdue(connection, moment)
    metrics.DUE.set(number)
    metrics.SWEEP_LAG.set((moment - oldest).total_seconds() if oldest else 0)
    return number


def _fire_batch(
    transactions: Transactions, bookshelf: Bookshelf, moment: datetime
) -> list[Occasion]:
    with transactions.begin() as transaction:
        book = bookshelf.current(transaction.connection)
        rows = due_times.due_by(transaction.connection, moment, BATCH)
        numbers = sorted({row.due.case_number for row in rows})
        cases = known_cases.cases(transaction.connection, numbers)
        return _settle(transaction, book, rows, cases)


def _settle(
    transaction: Transaction, book: RuleBook, rows: list[DueRow], cases: dict[int, KnownCase]
) -> list[Occasion]:
    """Fire or forget each; one whose rule breaks is put off alone."""
    occasions: list[Occasion] = []
    settled: list[Due] = []
    broken: dict[Due, Exception] = {}
    for row in rows:
        try:
            occasion = _occasion(book, row, cases.get(row.due.case_number))
        except Exception as error:  # noqa: BLE001  counted, told, and tried again in a while
            metrics.FAILED.inc()
            log.warning("timed rule failed", due=row.due, error=repr(error))
            broken[row.due] = error
            continue
        settled.append(row.due)
        occasions += [occasion] if occasion else []
    done = fire(transaction, occasions)
    due_times.forget_episodes(transaction.connection, settled)
    _put_off(transaction, broken)
    return done


def _put_off(transaction: Transaction, broken: Mapping[Due, Exception]) -> None:
    """Record the failures; the more often a rule has broken on a case, the longer it rests."""
    moment = now()
    errors = [Broke(due.rule_id, due.case_number, error) for due, error in broken.items()]
    attempts = failures.record(transaction.connection, errors, moment)
    until = {due: moment + pause_after(attempts[due.rule_id, due.case_number]) for due in broken}
    due_times.postpone(transaction.connection, until)


def _occasion(book: RuleBook, row: DueRow, known: KnownCase | None) -> Occasion | None:
    """What fires, when the criteria still hold and it is still the same episode."""
    ready = book.timed_rule(row.due.rule_id)
    if ready is None or known is None:
        return None
    due = due_of(ready, known)
    if due is None or due.episode != row.due.episode:
        return None
    why = why_now(ready, known, book.names)
    stopped = is_too_long(row.cause)
    actions = with_moments(ready.rule.actions, known.case, now(), book.calendars)
    return Occasion(ready.rule, known.case, due.episode, why, actions, row.cause, stopped)

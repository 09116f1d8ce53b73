"""Look into stored mails and tell the bus; what cannot be read is quarantined."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

from services.contracts.mail import MailSend
from services.mailgw import accounts, metrics, outgoing_store, raw_store
from services.mailgw.incoming.keep_files import keep_files
from services.mailgw.incoming.look_into import Result, look_into, quarantined
from services.mailgw.model.accounts import IncomingAccount, pipe_account
from services.mailgw.model.mail_words import words_of
from services.mailgw.outgoing.outcomes import bounced
from services.mailgw.raw_store import Waiting
from services.messaging.transaction import Transaction, Transactions
from services.runtime.file_store import FileStore

BATCH_MAILS = 50
BATCH_BYTES = 32 * 1024 * 1024
MOST_ATTEMPTS = 3
FATAL = f"the gateway died over it {MOST_ATTEMPTS} times"

Block = Callable[..., Any]

log = structlog.get_logger()


def run_here(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run blocking work where we are; a green process passes one that uses a real thread."""
    return function(*arguments)


def process_stored_mails(
    transactions: Transactions,
    files: FileStore,
    *,
    heavy: bool = False,
    run_blocking: Block = run_here,
    begun: set[str] | None = None,
) -> int:
    """Process one batch; answers how many mails it took (0: nothing waits).

    Heavy mails (from raw_store.HEAVY_BYTES on) are a queue of their own: reading one takes
    seconds, and the small ones need not wait for that. Only one process at a time may do it.
    `begun` are mails that this process has begun and could not finish, for the database was
    away: it has outlived them.
    """
    begun = set() if begun is None else begun
    with transactions.database.read() as connection:
        batch = _fitting(raw_store.waiting(connection, BATCH_MAILS, heavy))
    if not batch:
        return 0
    deaths = _deaths(transactions, batch, begun)
    with transactions.database.read() as connection:
        contents = raw_store.contents(connection, [entry.id for entry in batch])
        known = {account.name: account for account in accounts.answering(connection)}
        own = accounts.own_addresses([*known.values(), *accounts.outgoing(connection)])
    run = run_blocking if heavy else run_here
    results = []
    for entry in batch:
        if deaths[entry.id] >= MOST_ATTEMPTS:
            result = quarantined(entry, FATAL)
        else:
            result = _result(entry, contents[entry.id], known, own, run)
        # The store may be a disk or a network: never in a green thread.
        results.append(run_blocking(keep_files, files, result) if result.contents else result)
    _record(transactions, results)
    begun.difference_update(entry.id for entry in batch)
    return len(results)


def _deaths(
    transactions: Transactions, batch: Sequence[Waiting], begun: set[str]
) -> dict[str, int]:
    """How many processes have died over each mail, as far as anybody can tell; this one counts.

    It counts before anybody looks, lest a mail take one process after the other with it, and it
    counts each mail once: what it tries again has not been its death. The count has to outlive
    this process, not the machine.
    """
    deaths = {entry.id: entry.attempts - (entry.id in begun) for entry in batch}
    fresh = [entry.id for entry in batch if entry.id not in begun]
    if fresh:
        begun.update(fresh)
        with transactions.database.write(durable=False) as connection:
            raw_store.count_attempt(connection, fresh)
    return deaths


def _result(
    entry: Waiting, raw: bytes, known: dict[str, IncomingAccount], own: frozenset[str], run: Block
) -> Result:
    account = known.get(entry.account) or pipe_account(entry.account)
    result: Result = run(look_into, entry, raw, account, own)
    time.sleep(0)  # under eventlet the others' turn, behind each mail
    return result


def _record(transactions: Transactions, results: Sequence[Result]) -> None:
    """One commit for the batch; when it fails over a mail, one for each."""
    try:
        _commit(transactions, results)
    except (OperationalError, InterfaceError):
        raise  # the database is away: no mail's fault
    except Exception as error:
        if len(results) > 1:
            for result in results:
                _record(transactions, [result])
            return
        (result,) = results
        if result.status == "quarantined":
            raise
        log.error("what was read cannot be stored", mail=result.entry.id, exc_info=error)
        why = f"what was read of it cannot be stored ({type(error).__name__})"
        _commit(transactions, [quarantined(result.entry, why)])


def _commit(transactions: Transactions, results: Sequence[Result]) -> None:
    with transactions.begin() as transaction:
        ids = [result.entry.id for result in results]
        mine = raw_store.still_waiting(transaction.connection, ids)
        taken = [result for result in results if result.entry.id in mine]
        returned = _returned(transaction.connection, taken)
        if taken:
            raw_store.settle(transaction.connection, [_row(one, returned) for one in taken])
        for result in taken:
            _tell(transaction, result, returned)
    metrics.QUARANTINED.inc(sum(result.status == "quarantined" for result in taken))


def _returned(connection: Connection, results: Sequence[Result]) -> dict[str, MailSend]:
    """The orders behind those mails of ours that came back, by Message-ID."""
    ids = [result.report.message_id for result in results if result.report]
    payloads = outgoing_store.orders_of(connection, ids) if ids else {}
    return {key: MailSend.model_validate_json(payload) for key, payload in payloads.items()}


def _row(result: Result, returned: dict[str, MailSend]) -> dict[str, Any]:
    seen = result.seen
    row: dict[str, Any] = {
        "mail": result.entry.id,
        "status": result.status,
        "why": result.why,
        "verdicts": result.verdicts,
        "message_id": seen.message_id,
        "sender": seen.sender,
        "subject": seen.subject,
        "words": words_of(seen.sender, seen.subject),
        "case_number": None,
        "filed": None,
        "filed_why": None,
    }
    if result.report and result.report.message_id in returned:
        # The cases service hears of the mail that came back, not of this one.
        order = returned[result.report.message_id]
        told = f"it is a report on our mail {order.data.message_id}"
        row |= {"case_number": order.case_id, "filed": "report", "filed_why": told}
    return row


def _tell(transaction: Transaction, result: Result, returned: dict[str, MailSend]) -> None:
    """A report about a mail of ours concerns that mail's case; all else is a mail received."""
    if result.report and result.report.message_id in returned:
        order = returned[result.report.message_id]
        recipients = result.report.recipients or [one.address for one in order.data.to]
        why = f"it came back: {result.report.why or 'no reason is given'}"
        transaction.publish(bounced(order, recipients, why))
    elif result.message is not None:
        transaction.publish(result.message)


def _fitting(waiting: Sequence[Waiting]) -> list[Waiting]:
    """As many as fit in memory together, and at least one; one tried before goes alone."""
    taken: list[Waiting] = []
    size = 0
    for entry in waiting:
        size += entry.size_bytes
        if taken and (size > BATCH_BYTES or entry.attempts or taken[0].attempts):
            break
        taken.append(entry)
    return taken

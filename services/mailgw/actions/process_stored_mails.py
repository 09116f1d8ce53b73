"""Parse stored mails, judge them and tell the bus; what cannot be read is quarantined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.contracts.envelope import Actor, Envelope
from services.contracts.mail import MailQuarantined, MailReceived, QuarantineData
from services.mailgw import raw_store
from services.mailgw.errors import UnreadableMail
from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.pipeline import judge, received_data
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.model.mail import Mail
from services.mailgw.raw_store import Waiting
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.identity import new_id

BATCH_MAILS = 50
BATCH_BYTES = 32 * 1024 * 1024
HEAVY_BYTES = 256 * 1024

Block = Callable[..., Any]


def run_here(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run blocking work where we are; a green process passes one that uses a real thread."""
    return function(*arguments)


@dataclass(frozen=True)
class Result:
    """What became of one mail, and the message that says so (none for our own mail)."""

    mail_id: str
    status: str
    why: str
    verdicts: list[dict[str, str]]
    message: Envelope | None


def process_stored_mails(
    transactions: Transactions,
    accounts: Mapping[str, IncomingAccount],
    own_addresses: Iterable[str],
    run_blocking: Block = run_here,
) -> int:
    """Process one batch; answers how many mails it took (0: nothing waits)."""
    with transactions.database.read() as connection:
        batch = _fitting(raw_store.waiting(connection, BATCH_MAILS))
        contents = raw_store.contents(connection, [w.id for w in batch])
    own = frozenset(own_addresses)
    results = []
    for entry in batch:
        account = accounts.get(entry.account) or IncomingAccount(
            name=entry.account, protocol="pipe"
        )
        raw = contents[entry.id]
        run = run_blocking if entry.size_bytes > HEAVY_BYTES else run_here
        results.append(run(look_into, entry, raw, account, own))
    if results:
        _record(transactions, results)
    return len(results)


def look_into(entry: Waiting, raw: bytes, account: IncomingAccount, own: frozenset[str]) -> Result:
    """What a mail is: received, our own, or unreadable. Never raises over a mail."""
    try:
        return _read(entry, parse(raw, own), account)
    except UnreadableMail as error:
        why = str(error)
    except Exception as error:  # noqa: BLE001  any mail must end somewhere visible
        why = f"it cannot be judged ({type(error).__name__}: {error})"
    data = QuarantineData(mail_id=entry.id, account=entry.account, why=why)
    message = MailQuarantined(id=new_id(), occurred_at=now(), data=data)
    return Result(entry.id, "quarantined", why, [], message)


def _read(entry: Waiting, mail: Mail, account: IncomingAccount) -> Result:
    verdicts = judge(mail)
    said = [{"filter": v.filter, "outcome": v.outcome, "why": v.why} for v in verdicts]
    own = next((v for v in verdicts if v.own), None)
    if own is not None:
        return Result(entry.id, "own", own.why, said, None)
    data = received_data(mail, verdicts, account, entry.id, entry.received_at)
    actor = Actor(kind="stranger", name=mail.sender.name or mail.sender.address)
    message = MailReceived(id=new_id(), occurred_at=now(), actor=actor, data=data)
    message.model_dump_json()  # what JSON refuses must end in quarantine, not in the commit
    return Result(entry.id, "published", "", said, message)


def _record(transactions: Transactions, results: list[Result]) -> None:
    """One commit for the batch; a mail that another process took meanwhile is left to it."""
    with transactions.begin() as transaction:
        ids = [result.mail_id for result in results]
        mine = raw_store.still_waiting(transaction.connection, ids)
        taken = [result for result in results if result.mail_id in mine]
        rows = [
            {"mail": r.mail_id, "status": r.status, "why": r.why, "verdicts": r.verdicts}
            for r in taken
        ]
        if rows:
            raw_store.settle(transaction.connection, rows)
        for result in taken:
            if result.message is not None:
                transaction.publish(result.message)


def _fitting(waiting: list[Waiting]) -> list[Waiting]:
    """As many as fit in memory together, and at least one."""
    taken: list[Waiting] = []
    size = 0
    for entry in waiting:
        size += entry.size_bytes
        if taken and size > BATCH_BYTES:
            break
        taken.append(entry)
    return taken

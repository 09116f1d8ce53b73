"""Send what is due: the attempt is recorded first, then the server is asked, then the outcome.

A sender that dies between the server's yes and the commit of it sends that one mail again, with
the same Message-ID: the other order would lose it (docs/decisions/0007-sending-mail.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from services.contracts.mail import MailSend, MailSendData
from services.mailgw import metrics, outgoing_store
from services.mailgw.errors import ServerRefused
from services.mailgw.model.accounts import OutgoingAccount
from services.mailgw.model.outcome import Outcome
from services.mailgw.model.retry_pauses import is_last
from services.mailgw.model.slow_domains import WHY, SlowDomains
from services.mailgw.outgoing.compose import compose
from services.mailgw.outgoing.dkim_signature import SigningKey, signed
from services.mailgw.outgoing.files import fitting
from services.mailgw.outgoing.gather import Gathered, gather
from services.mailgw.outgoing.headers import wire_address
from services.mailgw.outgoing.letters import letters_of
from services.mailgw.outgoing.outcomes import bounced, sent
from services.mailgw.outgoing.send import Session
from services.mailgw.outgoing_store import Scope, Taken
from services.mailgw.raw_store import HEAVY_BYTES
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.file_store import FileStore

BATCH = 20
WAITS_FOR_FILES = 8  # attempts, about an hour; then the words go without the file, and say so

log = structlog.get_logger()


@dataclass(frozen=True)
class Sender:
    """What sending for one account takes. `run_blocking` runs heavy work off the green thread.

    With a `signing_key` each mail is signed. `public_address` is where the web service is reached.
    """

    transactions: Transactions
    account: OutgoingAccount
    scope: Scope
    session: Session
    files: FileStore
    stopping: Callable[[], bool] = lambda: False
    run_blocking: Callable[..., Any] = lambda function, *arguments: function(*arguments)
    signing_key: SigningKey | None = None
    slow: SlowDomains = field(default_factory=SlowDomains)
    public_address: str = ""


def send_due_mails(sender: Sender) -> int:
    """Send one batch over one connection; the number of mails taken (0: nothing is due).

    Raises ServerRefused when the server cannot be spoken to; the batch waits for its next
    attempt then.
    """
    with sender.transactions.begin() as transaction:
        taken = outgoing_store.take_due(transaction.connection, sender.scope, now(), BATCH)
    for number, mail in enumerate(taken):
        if sender.stopping():
            with sender.transactions.begin() as transaction:
                outgoing_store.give_back(transaction.connection, taken[number:], now())
            return 0
        if sender.slow.hold(mail.remaining):
            _put_off(sender, [mail], WHY)
            continue
        try:
            _send_one(sender, mail)
        except ServerRefused as error:
            _put_off(sender, taken[number:], str(error))
            raise
    return len(taken)


def _send_one(sender: Sender, mail: Taken) -> None:
    order = _order(sender, mail)
    if order is None:
        return
    address = wire_address(sender.account.address) or sender.account.address
    without = ""
    try:
        gathered = _gathered(sender, order)
        letters = [
            (recipients, _content(sender, data, address, gathered))
            for recipients, data in letters_of(order.data, mail.remaining)
        ]
    except DBAPIError:
        raise
    except Exception as error:  # one that cannot be composed must hold up no other
        log.error("mail cannot be composed", id=mail.id, exc_info=error)
        why = f"it cannot be composed ({type(error).__name__})"
        outcome = Outcome(failed=dict.fromkeys(mail.remaining, why))
    else:
        if gathered.later and mail.attempts < WAITS_FOR_FILES:
            outcome = Outcome(later=dict.fromkeys(mail.remaining, gathered.later))
        else:
            outcome = _sent(sender, address, mail, letters)
            without = _without(gathered)
    _record(sender.transactions, mail, order, outcome, without)


def _sent(
    sender: Sender, address: str, mail: Taken, letters: Sequence[tuple[list[str], bytes]]
) -> Outcome:
    begun = time.monotonic()
    outcome = Outcome()
    for recipients, content in letters:
        try:
            outcome.add(sender.session.send(address, recipients, content))
        except ServerRefused as error:
            if not outcome.delivered:
                raise
            # Who has it must not get it again with the others.
            outcome.later.update(dict.fromkeys(recipients, str(error)))
    if not outcome.delivered:
        sender.slow.took(mail.remaining, time.monotonic() - begun)
    return outcome


def _order(sender: Sender, mail: Taken) -> MailSend | None:
    """What was ordered; None when the row cannot be read any more, and it is given up."""
    try:
        return MailSend.model_validate_json(mail.payload)
    except ValidationError as error:
        log.error("order cannot be read", id=mail.id, error=str(error))
        with sender.transactions.begin() as transaction:
            outgoing_store.settle(
                transaction.connection, mail.id, "failed", mail.remaining, "it cannot be read"
            )
        metrics.SEND_FAILED.inc()
        return None


def _gathered(sender: Sender, order: MailSend) -> Gathered:
    """The mail's attachments, as far as a mail takes and they can be had."""
    if not order.data.attachments:
        return Gathered([], [])
    most = sender.account.most_megabytes * 1024**2
    taken, left_out = fitting(order.data.attachments, most)
    found = gather(sender.files, sender.transactions.database, taken, sender.run_blocking)
    return replace(found, missing=[*left_out, *found.missing])


def _content(sender: Sender, data: MailSendData, address: str, gathered: Gathered) -> bytes:
    size = sum(len(file.content) for file in gathered.files) + len(data.text)
    arguments = (data, address, now(), gathered.files, gathered.missing)
    composed = partial(compose, public_address=sender.public_address)
    content = bytes(_run(sender, size, composed, *arguments))
    if sender.signing_key is None:
        return content
    return bytes(_run(sender, size, signed, content, sender.signing_key))


def _without(gathered: Gathered) -> str:
    names = ", ".join(one.filename for one in gathered.missing)
    return f"without {names}, too large or gone" if names else ""


def _run(sender: Sender, size: int, function: Callable[..., Any], *arguments: Any) -> Any:
    if size > HEAVY_BYTES:
        return sender.run_blocking(function, *arguments)
    return function(*arguments)


def _put_off(sender: Sender, taken: Sequence[Taken], why: str) -> None:
    """Nobody got these; those tried often enough are given up."""
    waiting = [mail for mail in taken if not is_last(mail.attempts)]
    with sender.transactions.begin() as transaction:
        if waiting:
            outgoing_store.put_off(transaction.connection, waiting, why)
    for mail in taken:
        if is_last(mail.attempts):
            order = _order(sender, mail)
            outcome = Outcome(later=dict.fromkeys(mail.remaining, why))
            if order is not None:
                _record(sender.transactions, mail, order, outcome)


def _record(
    transactions: Transactions, mail: Taken, order: MailSend, outcome: Outcome, without: str = ""
) -> None:
    """Commit what became of the mail, with the messages that say so, and what it went without."""
    if is_last(mail.attempts):
        given_up = f"given up after {mail.attempts} attempts: "
        outcome.failed |= {one: given_up + why for one, why in outcome.later.items()}
        outcome.later = {}
    reasons = {**outcome.failed, **outcome.later}
    why = "; ".join(f"{address}: {reason}" for address, reason in reasons.items())
    status = "queued" if outcome.later else "sent" if outcome.delivered else "failed"
    with transactions.begin() as transaction:
        outgoing_store.settle(transaction.connection, mail.id, status, list(outcome.later), why)
        if status == "sent" and order.data.purpose == "account":
            # It may open an account; a report of failure needs no more than whom it was for.
            outgoing_store.forget_text(transaction.connection, order)
        if outcome.delivered:
            transaction.publish(sent(order, outcome.delivered, without))
        if outcome.failed:
            said = "; ".join(f"{address}: {reason}" for address, reason in outcome.failed.items())
            transaction.publish(bounced(order, outcome.failed, said))
    metrics.SENT.inc(outcome.handed_over)
    metrics.SEND_FAILED.inc(bool(outcome.failed))

"""Take ordered mails into the queue; what must not or cannot be sent is said at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.contracts.envelope import Envelope
from services.contracts.errors import InvalidRequest
from services.contracts.mail import MailSend
from services.mailgw import metrics, outgoing_store
from services.mailgw.model.loop_guard import WINDOW, LoopGuard, counted_as
from services.mailgw.outgoing.headers import wire_address
from services.mailgw.outgoing.outcomes import bounced
from services.messaging.transaction import Failure, Transaction, Transactions
from services.runtime.clock import now

_MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x20\x7f]{1,490}>")


@dataclass
class _Recipients:
    """Whom a mail can go to, and for each other one why it does not."""

    accepted: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def queue_mails(
    transactions: Transactions, messages: Sequence[Envelope], at: datetime | None = None
) -> list[Failure]:
    """Queue a batch in one commit; an order that came before changes nothing."""
    at = at or now()
    failures: list[Failure] = []
    with transactions.begin() as transaction:
        known = outgoing_store.known(transaction.connection, [m.id for m in messages])
        orders = {m.id: m for m in messages if isinstance(m, MailSend) and m.id not in known}
        guard = _guard(transaction, list(orders.values()), at)
        rows: list[dict[str, Any]] = []
        automatic: list[dict[str, Any]] = []
        for order in orders.values():
            if not _MESSAGE_ID.fullmatch(order.data.message_id):
                wrong = InvalidRequest("message_id", "give one in angle brackets, without blanks")
                failures.append(Failure(order, wrong))
                continue
            recipients = _recipients(order, guard)
            rows.append(_row(transaction, order, recipients, at))
            if _is_guarded(order):
                key = counted_as(order.data.subject, copy=_is_copy(order))
                automatic += [
                    {"address": one.lower(), "subject": key, "at": at}
                    for one in recipients.accepted
                ]
        if rows:
            outgoing_store.add(transaction.connection, rows)
        if automatic:
            outgoing_store.remember_automatic(transaction.connection, automatic, at - WINDOW)
    metrics.SEND_FAILED.inc(sum(bool(row["why"]) for row in rows))
    return failures


def _guard(transaction: Transaction, orders: Sequence[MailSend], at: datetime) -> LoopGuard:
    """What the addressees of the automatic mails among these got lately: one question for all."""
    addresses = {
        wire.lower()
        for order in orders
        if order.data.automatic
        for one in (*order.data.to, *order.data.cc)
        if (wire := wire_address(one.address))
    }
    if not addresses:
        return LoopGuard()
    recent = outgoing_store.automatic_since(transaction.connection, addresses, at - WINDOW)
    return LoopGuard(recent)


def _recipients(order: MailSend, guard: LoopGuard) -> _Recipients:
    found = _Recipients()
    seen: set[str] = set()
    for one in (*order.data.to, *order.data.cc):
        wire = wire_address(one.address)
        if wire is None:
            found.refused[one.address] = "it is not a mail address"
        elif wire.lower() not in seen:
            seen.add(wire.lower())
            why = _why_held_back(guard, wire, order)
            if why:
                found.refused[wire] = why
            else:
                found.accepted.append(wire)
    return found


def _why_held_back(guard: LoopGuard, address: str, order: MailSend) -> str | None:
    if not _is_guarded(order):
        return None
    return guard.admit(address, order.data.subject, copy=_is_copy(order))


def _is_guarded(order: MailSend) -> bool:
    """Whether a mail that comes in may have set it off, so that a loop is to be feared.

    Who asks for mails about an account is bounded where they are ordered, by the web service;
    a report is mailed by the clock, or by hand.
    """
    return order.data.automatic and order.data.purpose not in ("account", "report")


def _is_copy(order: MailSend) -> bool:
    return order.data.purpose == "copy"


def _row(
    transaction: Transaction, order: MailSend, recipients: _Recipients, at: datetime
) -> dict[str, Any]:
    why = "; ".join(f"{address}: {why}" for address, why in recipients.refused.items())
    if not recipients.accepted:
        why = why or "it has no recipient"
    if why:
        transaction.publish(bounced(order, recipients.refused, why))
    return {
        "id": order.id,
        "message_id": order.data.message_id,
        "status": "queued" if recipients.accepted else "failed",
        "next_attempt_at": at,
        "sender": order.data.sender.address.strip().lower()[:320],
        "payload": order.model_dump_json(),
        "remaining": recipients.accepted,
        "why": why,
    }

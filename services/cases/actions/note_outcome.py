"""What the gateway and the rules tell of a case is written on it."""

from __future__ import annotations

from typing import cast

from services.cases import store
from services.cases.actions import ledger
from services.cases.actions.ledger import Origin
from services.contracts.envelope import Envelope
from services.contracts.mail import MailBounced, MailSent
from services.contracts.rules import RuleStopped
from services.messaging.transaction import Transaction

SENT = "sent"


def note_mail_sent(transaction: Transaction, message: Envelope) -> None:
    """Mark the entry that the mail carried as sent, and say what it went without."""
    sent = cast(MailSent, message)
    if sent.case_id is not None and sent.data.message_number is not None:
        remark = f"{SENT} {sent.data.why}".rstrip()
        store.set_remark(transaction.connection, sent.case_id, sent.data.message_number, remark)


def note_mail_bounced(transaction: Transaction, message: Envelope) -> None:
    """Say on the entry and in the history who did not get the mail, and why (M10)."""
    bounced = cast(MailBounced, message)
    if bounced.case_id is None:
        return
    connection = transaction.connection
    recipients = ", ".join(bounced.data.recipients) or "its recipient"
    reason = f"a mail to {recipients} was not delivered: {bounced.data.why}"
    if bounced.data.message_number is not None:
        store.set_remark(connection, bounced.case_id, bounced.data.message_number, reason)
    case = store.get(connection, bounced.case_id)
    ledger.note(transaction, Origin(bounced.actor, bounced.caused(), reason), case)


def note_rule_stopped(transaction: Transaction, message: Envelope) -> None:
    """Say in the history that rules set each other off and were stopped (A4)."""
    stopped = cast(RuleStopped, message)
    chain = " → ".join(f"“{name}”" for name in stopped.data.chain)
    reason = (
        f"rules set each other off {stopped.data.depth} times and were stopped before "
        f"“{stopped.data.rule_name}”: {chain}; change their criteria so that they do not meet"
    )
    case = store.get(transaction.connection, stopped.case_id)
    ledger.note(transaction, Origin(stopped.actor, stopped.caused(), reason), case)

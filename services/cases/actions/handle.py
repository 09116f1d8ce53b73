"""Which action takes which message of the bus."""

from __future__ import annotations

from services.cases.actions.note_outcome import (
    note_mail_bounced,
    note_mail_sent,
    note_rule_stopped,
)
from services.cases.actions.obey_grading import obey_grading
from services.cases.actions.obey_rule import obey_rule
from services.cases.actions.receive_mail import receive_mail
from services.contracts.envelope import Envelope
from services.messaging.transaction import Handler, Transaction

HANDLERS: dict[str, Handler] = {
    "mail.received": receive_mail,
    "mail.sent": note_mail_sent,
    "mail.bounced": note_mail_bounced,
    "rule.fired": obey_rule,
    "rule.stopped": note_rule_stopped,
    "partner.graded": obey_grading,
}


def handle(transaction: Transaction, message: Envelope) -> None:
    """Let the message take effect. Raises what its action raises; then nothing has happened."""
    HANDLERS[message.type](transaction, message)

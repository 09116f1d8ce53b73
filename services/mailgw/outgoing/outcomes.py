"""What the bus is told of an outgoing mail."""

from __future__ import annotations

from collections.abc import Iterable

from services.contracts.mail import MailBounced, MailOutcome, MailSend, MailSent
from services.runtime.clock import now
from services.runtime.identity import new_id


def sent(order: MailSend, recipients: Iterable[str], why: str = "") -> MailSent:
    """A server has taken the mail for these recipients; `why` says what it went without."""
    return MailSent(
        id=new_id(),
        occurred_at=now(),
        case_id=order.case_id,
        cause=order.caused(),
        data=_outcome(order, recipients, why),
    )


def bounced(order: MailSend, recipients: Iterable[str], why: str) -> MailBounced:
    """The mail does not reach these recipients: refused, given up, or come back."""
    return MailBounced(
        id=new_id(),
        occurred_at=now(),
        case_id=order.case_id,
        cause=order.caused(),
        data=_outcome(order, recipients, why),
    )


def _outcome(order: MailSend, recipients: Iterable[str], why: str) -> MailOutcome:
    return MailOutcome(
        command_id=order.id,
        message_id=order.data.message_id,
        recipients=tuple(recipients),
        message_number=order.data.message_number,
        why=why,
    )

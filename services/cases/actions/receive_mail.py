"""A mail came in: it finds its case or makes one (M4), and where it went is told."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from services.cases import store
from services.cases.actions.automatic_reply import reply_automatically
from services.cases.actions.by_answer import take_answer
from services.cases.actions.by_invitation import follow_invitation, remember_meeting
from services.cases.actions.continue_by_mail import actor_of, continue_by_mail
from services.cases.actions.find_case import Found, find_case, references_of
from services.cases.actions.ledger import Origin
from services.cases.actions.open_by_mail import open_by_mail
from services.cases.actions.portal_links import without_links
from services.cases.actions.set_aside import why_set_aside
from services.contracts.cases import CaseSnapshot
from services.contracts.envelope import Actor, Envelope
from services.contracts.filing import FiledData, MailFiled
from services.contracts.mail import MailReceived, MailReceivedData
from services.messaging.transaction import Transaction
from services.runtime.identity import new_id

AGAIN = "a mail with the same Message-ID came before"


def receive_mail(transaction: Transaction, message: Envelope) -> None:
    """Put the mail where it belongs; the same Message-ID again changes nothing (M10)."""
    mail = without_links(cast(MailReceived, message).data)
    connection = transaction.connection
    known = store.mails_known(connection, (mail.message_id, *references_of(mail)))
    before = next((one for one in known if one.message_id == mail.message_id), None)
    actor = Actor(kind="stranger", name=mail.sender.name or mail.sender.address)
    origin = Origin(actor, message.caused(), f"mail from {mail.sender.address}")
    if before is not None:
        _tell(transaction, origin, mail, Found("again", AGAIN), before.number)
        return
    found = find_case(transaction, mail, known)
    aside = why_set_aside(mail, found.case)
    if aside:
        _tell(transaction, origin, mail, Found("aside", aside))
        return
    case, number = _put(transaction, origin, mail, found)
    store.remember_mail(connection, mail.message_id, [], case.number)
    if found.case is not None and case.number != found.case.number:
        told = f"{found.why}; case [{found.case.number}] is closed, so that it opens a linked one"
        found = replace(found, how="new", why=told)
    _tell(transaction, origin, mail, found, case.number, number)


def _put(
    transaction: Transaction, origin: Origin, mail: MailReceivedData, found: Found
) -> tuple[CaseSnapshot, int]:
    """The case behind the mail, and the number of its entry there."""
    if found.case is None or found.standing is None:
        case, number = open_by_mail(transaction, origin, mail)
        remember_meeting(transaction, mail, case.number)
        return reply_automatically(transaction, origin, case, mail), number
    if found.is_answer:
        by = replace(origin, actor=actor_of(transaction, found.standing, mail, found.case))
        return take_answer(transaction, by, found.case, found.standing, mail)
    case, number = continue_by_mail(transaction, origin, found.case, found.standing, mail)
    return follow_invitation(transaction, origin, case, found.standing, mail), number


def _tell(
    transaction: Transaction,
    origin: Origin,
    mail: MailReceivedData,
    found: Found,
    *numbers: int,
) -> None:
    """Say where the mail went; `numbers` are those of its case, and of its entry there."""
    case, entry, *_ = (*numbers, None, None)
    data = FiledData(
        mail_id=mail.mail_id,
        how=found.how,
        why=found.why,
        case_number=case,
        message_number=entry,
    )
    transaction.publish(
        MailFiled(
            id=new_id(),
            occurred_at=origin.at,
            case_id=case,
            actor=origin.actor,
            cause=origin.cause,
            data=data,
        )
    )

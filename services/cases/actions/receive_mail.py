"""A mail came in: it finds its case or makes one (M4)."""

from __future__ import annotations

from typing import cast

from services.cases import directory, moving, store
from services.cases.actions.continue_by_mail import continue_by_mail
from services.cases.actions.ledger import Origin
from services.cases.actions.mails import responsible_address
from services.cases.actions.open_by_mail import open_by_mail
from services.cases.model.thread import Standing, role_of
from services.cases.store import KnownMail
from services.contracts.cases import CaseSnapshot
from services.contracts.envelope import Actor, Envelope
from services.contracts.errors import NotFound
from services.contracts.mail import MailReceived, MailReceivedData
from services.messaging.transaction import Transaction


def receive_mail(transaction: Transaction, message: Envelope) -> None:
    """Put the mail where it belongs; the same Message-ID again changes nothing (M10)."""
    mail = cast(MailReceived, message).data
    references = (*mail.in_reply_to, *reversed(mail.references))
    known = store.mails_known(transaction.connection, (mail.message_id, *references))
    if any(one.message_id == mail.message_id for one in known):
        return
    actor = Actor(kind="stranger", name=mail.sender.name or mail.sender.address)
    origin = Origin(actor, message.caused(), f"mail from {mail.sender.address}")
    case, standing = _thread(transaction, mail, references, known)
    if case is None or standing is None:
        case = open_by_mail(transaction, origin, mail)
    else:
        case = continue_by_mail(transaction, origin, case, standing, mail)
    store.remember_mail(transaction.connection, mail.message_id, [], case.number)


def _thread(
    transaction: Transaction,
    mail: MailReceivedData,
    references: tuple[str, ...],
    known: list[KnownMail],
) -> tuple[CaseSnapshot | None, Standing | None]:
    """The case that a mail belongs to, and the standing of its sender there.

    The number in the subject comes first; but a number alone, from somebody who does
    not belong to that case, leads nowhere. Who answers what became a case of its own does
    not know its number yet.
    """
    split_off = {one.message_id: one.number for one in known if one.split_off}
    for reference in mail.in_reply_to:
        case = _case(transaction, split_off[reference]) if reference in split_off else None
        if case is not None:
            return case, _standing(transaction, mail, case, known)
    if mail.case_number is not None:
        case = _case(transaction, mail.case_number)
        if case is not None:
            standing = _standing(transaction, mail, case, known)
            in_thread = any(one.number == case.number for one in known)
            if in_thread or standing.role != "stranger":
                return case, standing
    by_id = {one.message_id: one.number for one in known}
    for reference in references:
        case = _case(transaction, by_id[reference]) if reference in by_id else None
        if case is not None:
            return case, _standing(transaction, mail, case, known)
    return None, None


def _case(transaction: Transaction, number: int) -> CaseSnapshot | None:
    """The case with this number, or the one that it was merged into."""
    connection = transaction.connection
    try:
        case = store.get(connection, number)
        if case.merged_into is None:
            return case
        return store.get(connection, moving.where_now(connection, number))
    except NotFound:
        return None


def _standing(
    transaction: Transaction, mail: MailReceivedData, case: CaseSnapshot, known: list[KnownMail]
) -> Standing:
    sender = mail.sender.address.lower()
    user = directory.user_by_address(transaction.connection, sender)
    responsible = responsible_address(transaction, case)
    role = role_of(
        sender,
        case,
        responsible.address if responsible else None,
        frozenset({sender} if user else ()),
    )
    verified = any(one.number == case.number and one.recipient == sender for one in known)
    return Standing(role, verified)

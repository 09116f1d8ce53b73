"""Ordering mails about a case from the mail gateway."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from services.cases import directory, store
from services.cases.actions.mail_thread import thread_of
from services.cases.actions.origin import Origin, section_of
from services.cases.actions.portal_links import link_for
from services.cases.actions.reply_addresses import reply_address
from services.cases.model.phrases import Phrases, phrases
from services.cases.model.portal_token import Opens
from services.contracts.cases import CaseSnapshot
from services.contracts.directory import Section, User
from services.contracts.invitations import CalendarPart
from services.contracts.mail import (
    Address,
    Attachment,
    MailSend,
    MailSendData,
    Quotation,
    message_id_for,
)
from services.messaging.transaction import Transaction
from services.runtime.identity import new_id

Purpose = Literal["reply", "pass_on", "copy", "reminder", "template", "portal", "invitation"]
Side = Literal["partner", "ours"]
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Letter:
    """What a mail says: its purpose, text, attachments, and the entry it carries.

    `side` is whom it is for: the section signs what goes to the partner's. `language` is that
    of its words, or empty for the section's. `quotation` is what it answers, `calendar` the
    meeting that it is about. `opens` is what the contact's link into the portal opens.
    """

    purpose: Purpose
    text: str
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False
    message_number: int | None = None
    subject: str = ""
    signed_by: str = ""
    side: Side = "partner"
    language: str = ""
    quotation: Quotation | None = None
    opens: Opens = "case"
    calendar: CalendarPart | None = None


def order_mail(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    recipients: Sequence[Address],
    letter: Letter,
) -> None:
    """Order one mail to these recipients; without any nothing happens.

    Its Message-ID is remembered for each of them: answering to it proves having got it.
    """
    if not recipients:
        return
    connection = transaction.connection
    section = section_of(transaction, case)
    sender = _sender(case, section, letter)
    command_id = new_id()
    message_id = message_id_for(command_id, sender.address)
    is_for_partner = letter.side == "partner"
    thread = thread_of(
        connection,
        case,
        recipients[0].address,
        message_id.rpartition("@")[2].rstrip(">"),
        for_partner=is_for_partner,
    )
    data = MailSendData(
        purpose=letter.purpose,
        message_id=message_id,
        sender=sender,
        reply_to=reply_address(transaction, case, sender.name, recipients),
        to=tuple(recipients[:1]),
        cc=tuple(recipients[1:]),
        subject=f"[{case.number}] {letter.subject or case.subject}",
        text=letter.text,
        signature=section.signature if section and is_for_partner else "",
        portal=link_for(transaction, origin, case, recipients, letter.opens)
        if is_for_partner
        else None,
        quotation=letter.quotation,
        language=letter.language or language_of(section),
        in_reply_to=thread.in_reply_to,
        references=thread.references,
        attachments=letter.attachments,
        automatic=letter.automatic,
        message_number=letter.message_number,
        calendar=letter.calendar,
    )
    addresses = [one.address for one in recipients]
    store.remember_mail(connection, message_id, addresses, case.number, letter.message_number)
    transaction.publish(
        MailSend(
            id=command_id,
            occurred_at=origin.at,
            case_id=case.number,
            actor=origin.actor,
            cause=origin.cause,
            data=data,
        )
    )


def order_mail_to_ours(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    recipients: Sequence[Address],
    write: Callable[[Phrases], Letter],
) -> None:
    """Order what `write` writes for our own people, one mail for each language they read."""
    for words, group in _by_language(transaction, case, recipients):
        letter = replace(write(words), side="ours", language=words.language)
        order_mail(transaction, origin, case, group, letter)


def phrases_for_partner(transaction: Transaction, case: CaseSnapshot) -> Phrases:
    """The sentences of mails to the partner's side: the section speaks there."""
    return phrases(language_of(section_of(transaction, case)))


def language_of(section: Section | None) -> str:
    """What a section's mails speak; no section, English."""
    return section.language if section else DEFAULT_LANGUAGE


def responsible_address(transaction: Transaction, case: CaseSnapshot) -> Address | None:
    """Where mail reaches the responsible; None without one, or without an address."""
    if case.responsible is None:
        return None
    user = directory.find(transaction.connection, User, case.responsible.id)
    if user is None or not user.address:
        return None
    return Address(address=user.address, name=user.name)


def _by_language(
    transaction: Transaction, case: CaseSnapshot, recipients: Sequence[Address]
) -> list[tuple[Phrases, list[Address]]]:
    """Who is no user reads the language of the section."""
    found: dict[str, tuple[Phrases, list[Address]]] = {}
    usual = language_of(section_of(transaction, case))
    for one in recipients:
        user = directory.user_by_address(transaction.connection, one.address)
        words = phrases(user.language if user else usual)
        found.setdefault(words.language, (words, []))[1].append(one)
    return list(found.values())


def _sender(case: CaseSnapshot, section: Section | None, letter: Letter) -> Address:
    """The section; where it has no address, that of the account the case came by."""
    name = letter.signed_by or (section.name if section else "")
    address = (section.reply_address if section else "") or case.answer_from
    return Address(address=address, name=name)

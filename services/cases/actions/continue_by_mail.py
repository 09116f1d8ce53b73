"""A mail on a case there is: who may do what by it stands in docs/decisions/0003 (M6, M7)."""

from __future__ import annotations

from dataclasses import replace

from services.cases import directory
from services.cases.actions import ledger
from services.cases.actions.ledger import Origin, section_of
from services.cases.actions.link_cases import link
from services.cases.actions.mail_thread import quotation_for
from services.cases.actions.mails import (
    Letter,
    Purpose,
    order_mail,
    order_mail_to_ours,
    phrases_for_partner,
    responsible_address,
)
from services.cases.actions.open_by_mail import message_row, open_by_mail
from services.cases.actions.take_up import take_up
from services.cases.model.audience import audience_of
from services.cases.model.phrases import Phrases
from services.cases.model.receipt import receipt_words
from services.cases.model.thread import Standing
from services.contracts.cases import CLOSED, CaseSnapshot
from services.contracts.envelope import Actor
from services.contracts.mail import MailReceivedData
from services.messaging.transaction import Transaction


def continue_by_mail(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    standing: Standing,
    mail: MailReceivedData,
) -> tuple[CaseSnapshot, int]:
    """The case behind the mail, and the number of its entry there.

    It is another, linked one where the section wants that.
    """
    origin = replace(origin, actor=actor_of(transaction, standing, mail, case))
    if mail.receipt or mail.returned:
        return _report(transaction, origin, case, mail)
    if standing.is_ours:
        if standing.rights.speaks and not mail.automatic:
            return _answer(transaction, origin, case, standing, mail)
        return _note(transaction, origin, case, standing, mail)
    section = section_of(transaction, case)
    if case.state in CLOSED and section and section.reopen == "linked" and not mail.automatic:
        linked = replace(origin, reason=f"{origin.reason}; linked to closed case [{case.number}]")
        new, number = open_by_mail(transaction, linked, mail)
        return link(transaction, linked, new, "follows", case), number
    return _partner_wrote(transaction, origin, case, standing, mail)


def _report(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, mail: MailReceivedData
) -> tuple[CaseSnapshot, int]:
    """What became of a mail of ours is for our own people to know; nobody is mailed."""
    told = receipt_words(mail.disposition) if mail.receipt else "tells of the delivery of a mail"
    row = message_row(mail, "internal", kind="note", remark=told, verified=False)
    return ledger.add_message(transaction, origin, case, row)


def _note(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    standing: Standing,
    mail: MailReceivedData,
) -> tuple[CaseSnapshot, int]:
    """What one of ours may not say to the partner stays among us."""
    doubt = standing.doubt or "its sender may only read"
    remark = "automatic" if mail.automatic else f"{doubt}; not sent on to the partner"
    row = message_row(mail, "internal", kind="note", remark=remark, verified=standing.verified)
    return ledger.add_message(transaction, origin, case, row)


def _answer(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    standing: Standing,
    mail: MailReceivedData,
) -> tuple[CaseSnapshot, int]:
    """Somebody of ours answers the partner."""
    row = message_row(mail, "out")
    heard = bool(audience_of(case, None, frozenset({mail.sender.address.lower()})).partner_side)
    case, number = ledger.add_message(transaction, origin, case, row, answers=heard)
    _send_on(transaction, origin, case, mail, number, to_partner="reply")
    section = section_of(transaction, case)
    wanted = section is not None and section.close_on_reply
    closes = wanted and standing.rights.closes and case.state not in CLOSED
    return take_up(transaction, origin, case, "done" if closes else None), number


def _partner_wrote(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    standing: Standing,
    mail: MailReceivedData,
) -> tuple[CaseSnapshot, int]:
    """The partner, a watcher of his, or a stranger who holds the thread has written."""
    remark = standing.doubt
    row = message_row(mail, "in", verified=standing.verified, remark=remark)
    case, number = ledger.add_message(transaction, origin, case, row)
    if not mail.automatic:
        case = _follow_answer(transaction, origin, case, standing)
        # Who has not proved who he is, is heard by our own people only: else a forged From
        # would have us write to the partner's people in his name.
        to_partner: Purpose | None = "copy" if standing.rights.speaks else None
        _send_on(transaction, origin, case, mail, number, to_partner=to_partner, writer=standing)
    elif not mail.out_of_office:
        # A program may have something to say (a monitor, another helpdesk): ours hear of it, by
        # a mail that the bounds on loops count.
        _send_on(transaction, origin, case, mail, number, to_partner=None, writer=standing)
    return case, number


def _follow_answer(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, standing: Standing
) -> CaseSnapshot:
    section = section_of(transaction, case)
    wanted = section is not None and section.close_on_partner_answer
    if wanted and standing.rights.closes and case.state == "open":
        return ledger.change(transaction, origin, case, {"state": "done"})
    if standing.rights.reopens and (case.state in CLOSED or case.state == "pending"):
        return ledger.change(transaction, origin, case, {"state": "open"})
    return case


def _send_on(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    mail: MailReceivedData,
    number: int,
    *,
    to_partner: Purpose | None,
    writer: Standing | None = None,
) -> None:
    """To everybody else on the case: the partner's side, and ours, by a mail of its own each."""
    responsible = responsible_address(transaction, case)
    has_it = {mail.sender.address.lower()}
    audience = audience_of(case, responsible, frozenset(has_it))
    name = mail.sender.name or mail.sender.address
    attachments = mail.attachments
    if to_partner:
        is_reply = to_partner == "reply"
        head = phrases_for_partner(transaction, case).wrote.format(name=name)
        letter = Letter(
            to_partner,
            mail.text if is_reply else f"{head}\n\n{mail.text}",
            attachments,
            message_number=number,
            signed_by=origin.actor.name,
            quotation=quotation_for(transaction.connection, case.number, mail.text)
            if is_reply
            else None,
        )
        order_mail(transaction, origin, case, audience.partner_side, letter)
    purpose: Purpose = "copy" if to_partner == "reply" else "pass_on"

    def pass_on(words: Phrases) -> Letter:
        head = words.wrote_on_case.format(name=words.named(name, writer), number=case.number)
        return Letter(
            purpose,
            f"{head}\n\n{mail.text}",
            attachments,
            automatic=mail.automatic,
            message_number=number,
        )

    order_mail_to_ours(transaction, origin, case, audience.staff_side, pass_on)


def actor_of(
    transaction: Transaction, standing: Standing, mail: MailReceivedData, case: CaseSnapshot
) -> Actor:
    """Who wrote the mail, for the history."""
    name = mail.sender.name or mail.sender.address
    if standing.is_ours:
        user = directory.user_by_address(transaction.connection, mail.sender.address)
        if user:
            return Actor(kind="user", id=user.id, name=user.name)
        return Actor(kind="watcher", name=name)
    if standing.role == "partner":
        return Actor(kind="partner", id=case.partner.id if case.partner else None, name=name)
    return Actor(kind="watcher" if standing.role == "watcher" else "stranger", name=name)

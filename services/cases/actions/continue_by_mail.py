"""A mail on a case there is: who may do what by it stands in docs/decisions/0003 (M6, M7)."""

from __future__ import annotations

from dataclasses import replace

from services.cases import directory
from services.cases.actions import ledger
from services.cases.actions.ledger import Origin, section_of
from services.cases.actions.link_cases import link
from services.cases.actions.mails import Letter, Purpose, order_mail, responsible_address
from services.cases.actions.open_by_mail import message_row, open_by_mail
from services.cases.actions.take_up import take_up
from services.cases.model.audience import audience_of
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
) -> CaseSnapshot:
    """The case behind the mail; another, linked one where the section wants that."""
    origin = replace(origin, actor=_actor(transaction, standing, mail, case))
    if standing.is_staff:
        if standing.verified and not mail.automatic:
            return _answer(transaction, origin, case, mail)
        remark = "automatic" if mail.automatic else "unverified: not sent on to the partner"
        row = message_row(mail, "internal", kind="note", remark=remark)
        row["verified"] = standing.verified
        return ledger.add_message(transaction, origin, case, row)[0]
    section = section_of(transaction, case)
    if case.state in CLOSED and section and section.reopen == "linked" and not mail.automatic:
        linked = replace(origin, reason=f"{origin.reason}; linked to closed case [{case.number}]")
        new = open_by_mail(transaction, linked, mail)
        return link(transaction, linked, new, "follows", case)
    return _partner_wrote(transaction, origin, case, standing, mail)


def _answer(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, mail: MailReceivedData
) -> CaseSnapshot:
    """Somebody of ours answers the partner."""
    row = message_row(mail, "out")
    heard = bool(audience_of(case, None, frozenset({mail.sender.address.lower()})).partner_side)
    case, number = ledger.add_message(transaction, origin, case, row, answers=heard)
    _send_on(transaction, origin, case, mail, number, to_partner="reply")
    section = section_of(transaction, case)
    closes = section is not None and section.close_on_reply and case.state not in CLOSED
    return take_up(transaction, origin, case, "done" if closes else None)


def _partner_wrote(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    standing: Standing,
    mail: MailReceivedData,
) -> CaseSnapshot:
    """The partner, a watcher of his, or a stranger who holds the thread has written."""
    remark = "" if standing.verified else "unverified: the sender did not answer a mail of ours"
    row = message_row(mail, "in", verified=standing.verified, remark=remark)
    case, number = ledger.add_message(transaction, origin, case, row)
    if not mail.automatic:
        case = _follow_answer(transaction, origin, case, standing)
        # Who has not proved who he is, is heard by our own people only: else a forged From
        # would have us write to the partner's people in his name.
        heard_by_all = standing.verified and standing.role != "stranger"
        to_partner: Purpose | None = "copy" if heard_by_all else None
        _send_on(transaction, origin, case, mail, number, to_partner=to_partner, remark=remark)
    return case


def _follow_answer(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, standing: Standing
) -> CaseSnapshot:
    section = section_of(transaction, case)
    by_partner = standing.role == "partner" and standing.verified
    if section and section.close_on_partner_answer and case.state == "open" and by_partner:
        return ledger.change(transaction, origin, case, {"state": "done"})
    if case.state in CLOSED or case.state == "pending":
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
    remark: str = "",
) -> None:
    """To everybody else on the case: the partner's side, and ours, by a mail of its own each."""
    responsible = responsible_address(transaction, case)
    has_it = {mail.sender.address.lower()}
    audience = audience_of(case, responsible, frozenset(has_it))
    name = mail.sender.name or mail.sender.address
    attachments = mail.attachments
    if to_partner:
        text = mail.text if to_partner == "reply" else f"{name} wrote:\n\n{mail.text}"
        letter = Letter(
            to_partner, text, attachments, message_number=number, signed_by=origin.actor.name
        )
        order_mail(transaction, origin, case, audience.partner_side, letter)
    doubt = f" ({remark})" if remark else ""
    text = f"{name}{doubt} wrote on case [{case.number}]:\n\n{mail.text}"
    purpose: Purpose = "copy" if to_partner == "reply" else "pass_on"
    letter = Letter(purpose, text, attachments, message_number=number)
    order_mail(transaction, origin, case, audience.staff_side, letter)


def _actor(
    transaction: Transaction, standing: Standing, mail: MailReceivedData, case: CaseSnapshot
) -> Actor:
    name = mail.sender.name or mail.sender.address
    if standing.is_staff:
        user = directory.user_by_address(transaction.connection, mail.sender.address)
        if user:
            return Actor(kind="user", id=user.id, name=user.name)
        return Actor(kind="watcher", name=name)
    if standing.role == "partner":
        return Actor(kind="partner", id=case.partner.id if case.partner else None, name=name)
    return Actor(kind="watcher" if standing.role == "watcher" else "stranger", name=name)

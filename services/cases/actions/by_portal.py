"""What the partner's contact does in the portal: he answers and closes as by mail."""

from __future__ import annotations

from datetime import datetime

from services.cases import store
from services.cases.actions import ledger
from services.cases.actions.continue_by_mail import continue_by_mail
from services.cases.actions.ledger import Origin
from services.cases.actions.mails import Letter, order_mail, phrases_for_partner
from services.cases.actions.write_message import uploaded
from services.cases.model.remarks import THROUGH_THE_PORTAL
from services.cases.model.thread import Standing
from services.cases.portal_access import Opened, open_link
from services.contracts.cases import CLOSED
from services.contracts.envelope import Actor
from services.contracts.errors import NotFound
from services.contracts.mail import Address, Attachment, MailReceivedData, NewCaseDefaults
from services.contracts.portal import AnswerByPortal, AskForCases, CarriedOut, CloseByPortal
from services.messaging.transaction import Transaction
from services.runtime.clock import now


def answer_by_portal(transaction: Transaction, command: AnswerByPortal) -> CarriedOut:
    """The case that the answer stands on: another, linked one where the section wants that.

    Raises NotFound for a link that opens nothing, and InvalidRequest for an attachment that
    was not put into the file store.
    """
    opened = _held(transaction, command.token)
    origin = _origin(opened)
    mail = _as_mail(opened, command.text, uploaded(command.attachments), origin.at)
    # The link was mailed to him: whoever has it has shown as much as an answer to a mail does.
    standing = Standing("partner", "token")
    case, number = continue_by_mail(transaction, origin, opened.case, standing, mail)
    store.set_remark(transaction.connection, case.number, number, THROUGH_THE_PORTAL)
    return CarriedOut(number=case.number)


def close_by_portal(transaction: Transaction, command: CloseByPortal) -> CarriedOut:
    """The closed case. Raises NotFound, and IllegalMove where the table has no such move."""
    opened = _held(transaction, command.token)
    case = opened.case
    if case.state not in CLOSED:
        ledger.change(transaction, _origin(opened), case, {"state": "done"})
    return CarriedOut(number=case.number)


def ask_for_cases(transaction: Transaction, command: AskForCases) -> CarriedOut:
    """Mail the contact a link to all his cases, to the address that he is known by. Raises
    NotFound."""
    opened = _held(transaction, command.token)
    case, contact = opened.case, opened.contact
    words = phrases_for_partner(transaction, case)
    letter = Letter(
        "portal", words.all_cases, automatic=True, subject=words.all_cases_subject, opens="cases"
    )
    to = [Address(address=contact.address, name=contact.name)]
    order_mail(transaction, _origin(opened), case, to, letter)
    return CarriedOut(number=case.number)


def _held(transaction: Transaction, token: str) -> Opened:
    """The case that the link opens, locked; a link to the list opens none to act on."""
    found = open_link(transaction.connection, token, now())
    held = store.get(transaction.connection, found.case.number)
    if held.version != found.case.version:
        found = open_link(transaction.connection, token, now())
    if found.opens != "case" or found.case.number != held.number:
        raise NotFound("case", "behind this link")
    return found


def _origin(opened: Opened) -> Origin:
    partner, contact = opened.case.partner, opened.contact
    name = contact.name or contact.address
    actor = Actor(kind="partner", id=partner.id if partner else None, name=name)
    return Origin(actor, reason=THROUGH_THE_PORTAL)


def _as_mail(
    opened: Opened, text: str, attachments: tuple[Attachment, ...], at: datetime
) -> MailReceivedData:
    """What he wrote, as the mail that it would have been."""
    case, contact = opened.case, opened.contact
    return MailReceivedData(
        mail_id="",
        account="",
        received_at=at,
        message_id="",
        sender=Address(address=contact.address, name=contact.name),
        subject=case.subject,
        text=text,
        attachments=attachments,
        new_case=NewCaseDefaults(
            kind=case.kind,
            section_id=case.section.id if case.section else None,
            category_id=case.category.id if case.category else None,
            priority=case.priority,
            answer_from=case.answer_from,
        ),
    )

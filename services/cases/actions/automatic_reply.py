"""Whoever opens a case by mail hears that it came in, where its account wants that (M2)."""

from __future__ import annotations

from services.cases import directory, template_store
from services.cases.actions import ledger
from services.cases.actions.ledger import Origin
from services.cases.actions.mails import Letter, order_mail
from services.cases.actions.template_values import fill_in_mail, template_values
from services.contracts.cases import CaseSnapshot
from services.contracts.errors import InvalidRequest
from services.contracts.mail import Address, MailReceivedData
from services.messaging.transaction import Transaction


def reply_automatically(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, mail: MailReceivedData
) -> CaseSnapshot:
    """Order the account's template to the sender; the case as it is then.

    Only a person's letter is answered, none of our own people's (RFC 3834 §2). Why a wanted
    reply did not go out is told in the history.
    """
    template_id = mail.new_case.reply_template_id
    if template_id is None or not _may_be_answered(transaction, mail):
        return case
    origin = Origin(origin.actor, origin.cause, "automatic reply", origin.at)
    template = template_store.find(transaction.connection, template_id)
    if template is None:
        return _told(transaction, origin, case, f"there is no template {template_id}")
    if not template.active:
        return _told(transaction, origin, case, f"the template “{template.name}” is retired")
    values = template_values(transaction.connection, case)
    try:
        subject, text = fill_in_mail(template.subject, template.text, values)
    except InvalidRequest as error:
        return _told(transaction, origin, case, f"the template “{template.name}”: {error}")
    to = [Address(address=mail.sender.address, name=mail.sender.name)]
    letter = Letter("template", text, automatic=True, subject=subject)
    order_mail(transaction, origin, case, to, letter)
    return case


def _may_be_answered(transaction: Transaction, mail: MailReceivedData) -> bool:
    if mail.automatic or mail.wants_no_reply:
        return False
    if mail.authentication == "fail":
        return False  # whoever is named there wrote nothing to us
    return directory.user_by_address(transaction.connection, mail.sender.address) is None


def _told(transaction: Transaction, origin: Origin, case: CaseSnapshot, why: str) -> CaseSnapshot:
    reason = f"no automatic reply was sent: {why}; choose another one on the mail account"
    return ledger.note(transaction, Origin(origin.actor, origin.cause, reason, origin.at), case)

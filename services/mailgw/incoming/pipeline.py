"""The filters every incoming mail runs through, and what they make of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime

from services.contracts import mail as contract
from services.contracts.mail_lists import MailFilter
from services.mailgw.incoming.filters.has_case_number import has_case_number
from services.mailgw.incoming.filters.has_reply_token import has_reply_token
from services.mailgw.incoming.filters.is_authenticated import is_authenticated
from services.mailgw.incoming.filters.is_automatic import is_automatic
from services.mailgw.incoming.filters.is_bounce import is_bounce
from services.mailgw.incoming.filters.is_list import is_list
from services.mailgw.incoming.filters.is_out_of_office import is_out_of_office
from services.mailgw.incoming.filters.is_own_address import is_own_address
from services.mailgw.incoming.filters.is_receipt import is_receipt
from services.mailgw.incoming.filters.is_spam import is_spam
from services.mailgw.incoming.filters.wants_no_reply import wants_no_reply
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.model.mail import Mail, MailPart
from services.mailgw.model.verdict import Verdict

FILTERS: tuple[Callable[[Mail], Verdict], ...] = (
    is_own_address,
    is_spam,
    is_bounce,
    is_receipt,
    is_automatic,
    is_list,
    is_out_of_office,
    wants_no_reply,
    is_authenticated,
    has_reply_token,
    has_case_number,
)


def _asks(question: Callable[[Mail], Verdict]) -> str:
    """What a filter asks of a mail: the first line of its file."""
    told = sys.modules[question.__module__].__doc__ or question.__name__
    return told.partition("\n")[0]


QUESTIONS = tuple(MailFilter(name=one.__name__, asks=_asks(one)) for one in FILTERS)


def judge(mail: Mail) -> tuple[Verdict, ...]:
    """Every filter's verdict, in their order."""
    return tuple(question(mail) for question in FILTERS)


def received_data(
    mail: Mail,
    verdicts: tuple[Verdict, ...],
    account: IncomingAccount,
    mail_id: str,
    received_at: datetime,
) -> contract.MailReceivedData:
    """What the bus is told of a mail."""
    return contract.MailReceivedData(
        mail_id=mail_id,
        account=account.name,
        own_addresses=tuple(sorted(mail.own_addresses)),
        received_at=received_at,
        date_claimed=mail.date_claimed,
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to,
        references=_references(mail),
        case_number=next((v.case_number for v in verdicts if v.case_number), None),
        reply_token=next((v.reply_token for v in verdicts if v.reply_token), ""),
        sender=mail.sender,
        authentication=next((v.authentication for v in verdicts if v.authentication), ""),
        to=mail.to,
        cc=mail.cc,
        subject=mail.subject,
        text=mail.text,
        quoted=mail.quoted,
        html=mail.html,
        attachments=tuple(_attachment(mail_id, part) for part in kept_parts(mail, account)),
        automatic=any(v.automatic for v in verdicts),
        wants_no_reply=any(v.unanswered for v in verdicts),
        out_of_office=any(v.out_of_office for v in verdicts),
        invitation=mail.invitation,
        receipt=any(v.receipt for v in verdicts),
        disposition=mail.receipt.disposition if mail.receipt else "",
        returned=any(v.reported for v in verdicts),
        new_case=account.new_case,
        verdicts=tuple(
            contract.Verdict(filter=v.filter, outcome=v.outcome, why=v.why) for v in verdicts
        ),
    )


def _references(mail: Mail) -> tuple[str, ...]:
    """A report belongs to the thread of the mail that it is about, though it answers none."""
    about = mail.receipt or mail.report
    known = {*mail.in_reply_to, *mail.references}
    named = about.message_id if about else ""
    return mail.references if not named or named in known else (*mail.references, named)


def kept_parts(mail: Mail, account: IncomingAccount) -> tuple[MailPart, ...]:
    """The attachments that the account lets in."""
    return mail.attachments if account.keep_attachments else ()


def _attachment(mail_id: str, part: MailPart) -> contract.Attachment:
    told = {name: value for name, value in vars(part).items() if name != "content"}
    return contract.Attachment(mail_id=mail_id, **told)

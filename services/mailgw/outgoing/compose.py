"""Making the bytes of a mail from the order to send it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from services.contracts.mail import Address, Attachment, MailSendData
from services.mailgw.incoming.charset import clean
from services.mailgw.outgoing.as_html import as_html
from services.mailgw.outgoing.calendar_part import calendar_text
from services.mailgw.outgoing.files import File
from services.mailgw.outgoing.headers import (
    address_header,
    id_header,
    text_header,
    wire_address,
)
from services.mailgw.outgoing.words import Words, as_text, words_of

# What keeps Exchange quiet; NDR is not among them, for we want to know what did not arrive
# (MS-OXCMAIL §2.1.3.2.20).
SUPPRESSED = "DR, RN, NRN, OOF, AutoReply"
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_WORD_BEGINS = re.compile(r"=\?+")


def compose(
    mail: MailSendData,
    account_address: str,
    at: datetime,
    files: Sequence[File] = (),
    left_out: Sequence[Attachment] = (),
    *,
    public_address: str = "",
) -> bytes:
    """The whole mail, lines ending in CRLF, in ASCII unless an address is beyond it.

    It comes from the sender named in the order, else from the account. It says the same as
    text and as HTML; attachments `left_out` are named in it instead. A link into the portal
    begins with `public_address`. The meeting that it is about, where there is one, stands
    beside these (RFC 6047 §2.4).
    """
    head = "".join(_head(mail, account_address, at))
    words = words_of(mail, left_out, public_address)
    calendar = _calendar(mail, account_address, at)
    return head.encode("utf-8") + _body(words, mail.language, files, calendar)


def _head(mail: MailSendData, account_address: str, at: datetime) -> Iterable[str]:
    # The headers are written here and not by email.message: its folding of encoded words
    # loses and adds blanks.
    sender = wire_address(mail.sender.address) or account_address
    yield address_header("From", [Address(address=sender, name=mail.sender.name)])
    reply_to = _usable([mail.reply_to] if mail.reply_to else [])
    for name, addresses in (("Reply-To", reply_to), ("To", mail.to), ("Cc", mail.cc)):
        if usable := _usable(addresses):
            yield address_header(name, usable)
    yield text_header("Subject", mail.subject)
    yield text_header("Date", format_datetime(at))
    yield id_header("Message-ID", [mail.message_id])
    if mail.in_reply_to and _MESSAGE_ID.fullmatch(mail.in_reply_to):
        yield id_header("In-Reply-To", [mail.in_reply_to])
    if references := [one for one in mail.references if _MESSAGE_ID.fullmatch(one)]:
        yield id_header("References", references)
    if mail.automatic:
        yield text_header("Auto-Submitted", _kind_of_automatic(mail))
        yield text_header("X-Auto-Response-Suppress", SUPPRESSED)
        yield text_header("Precedence", "bulk")  # for the older answering programs


def _kind_of_automatic(mail: MailSendData) -> str:
    """RFC 3834 §5: replied when a mail set it off, generated otherwise."""
    answers = mail.purpose == "template" and mail.in_reply_to
    return "auto-replied" if answers else "auto-generated"


def _usable(addresses: Iterable[Address]) -> list[Address]:
    wires = ((one, wire_address(one.address)) for one in addresses)
    return [Address(address=wire, name=one.name) for one, wire in wires if wire]


def _filename(given: str) -> str:
    """The name on one line; "=?" in it would be read as the beginning of an encoded word."""
    return _WORD_BEGINS.sub("=", " ".join(clean(given).split())) or "file"


def _calendar(mail: MailSendData, account_address: str, at: datetime) -> tuple[str, str] | None:
    """The method and the text of the calendar part; whom the mail comes from is the organizer."""
    if mail.calendar is None:
        return None
    address = wire_address(mail.sender.address) or account_address
    organizer = Address(address=address, name=mail.sender.name)
    return mail.calendar.method, calendar_text(mail.calendar, organizer, at)


def _body(
    words: Words, language: str, files: Sequence[File], calendar: tuple[str, str] | None
) -> bytes:
    """The MIME headers, the empty line and the parts: what says most of all comes last."""
    message = EmailMessage(policy=SMTP)
    message.set_content(as_text(words), charset="utf-8", cte="quoted-printable")
    if html := as_html(words, language):
        message.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    if calendar:
        method, text = calendar
        message.add_alternative(
            text, subtype="calendar", charset="utf-8", cte="base64", params={"method": method}
        )
    for file in files:
        kind, _, subkind = file.content_type.partition("/")
        message.add_attachment(
            file.content,
            maintype=kind,
            subtype=subkind,
            filename=_filename(file.filename),
            params={"charset": file.charset} if file.charset else None,
        )
    return message.as_bytes()

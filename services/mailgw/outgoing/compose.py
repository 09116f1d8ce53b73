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
from services.mailgw.outgoing.files import File
from services.mailgw.outgoing.headers import (
    address_header,
    id_header,
    text_header,
    wire_address,
)

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")


def compose(
    mail: MailSendData,
    account_address: str,
    at: datetime,
    files: Sequence[File] = (),
    left_out: Sequence[Attachment] = (),
) -> bytes:
    """The whole mail, lines ending in CRLF, in ASCII unless an address is beyond it.

    It comes from the sender named in the order, else from the account. Attachments
    `left_out` are named in the text instead.
    """
    head = "".join(_head(mail, account_address, at))
    return head.encode("utf-8") + _body(_text(mail.text, left_out), files)


def _head(mail: MailSendData, account_address: str, at: datetime) -> Iterable[str]:
    # The headers are written here and not by email.message: its folding of encoded words
    # loses and adds blanks.
    sender = wire_address(mail.sender.address) or account_address
    yield address_header("From", [Address(address=sender, name=mail.sender.name)])
    for name, addresses in (("To", mail.to), ("Cc", mail.cc)):
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


def _kind_of_automatic(mail: MailSendData) -> str:
    """RFC 3834 §5: replied when a mail set it off, generated otherwise."""
    answers = mail.purpose == "template" and mail.in_reply_to
    return "auto-replied" if answers else "auto-generated"


def _usable(addresses: Iterable[Address]) -> list[Address]:
    wires = ((one, wire_address(one.address)) for one in addresses)
    return [Address(address=wire, name=one.name) for one, wire in wires if wire]


def _text(text: str, left_out: Sequence[Attachment]) -> str:
    plain = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    if not left_out:
        return plain
    names = ", ".join(f"{clean(a.filename)} ({_size(a.size_bytes)})" for a in left_out)
    return f"{plain.rstrip()}\n\n[Not attached, for they are too large or gone: {names}]\n"


def _size(size_bytes: int) -> str:
    megabytes = size_bytes / 1024**2
    return f"{megabytes:.0f} MB" if megabytes >= 1 else f"{max(1, size_bytes // 1024)} KB"


def _body(text: str, files: Sequence[File]) -> bytes:
    """The MIME headers, the empty line and the parts."""
    message = EmailMessage(policy=SMTP)
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    for file in files:
        kind, _, subkind = file.content_type.partition("/")
        message.add_attachment(
            file.content,
            maintype=kind,
            subtype=subkind,
            filename=" ".join(clean(file.filename).split()) or "file",
            params={"charset": file.charset} if file.charset else None,
        )
    return message.as_bytes()

"""Ordering mails about a case from the mail gateway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from services.cases import directory, store
from services.cases.actions.ledger import Origin, section_of
from services.cases.actions.reply_addresses import reply_address
from services.contracts.cases import CaseSnapshot
from services.contracts.directory import User
from services.contracts.mail import Address, Attachment, MailSend, MailSendData, message_id_for
from services.messaging.transaction import Transaction
from services.runtime.identity import new_id

Purpose = Literal["reply", "pass_on", "copy", "reminder", "template"]
MOST_REFERENCES = 20


@dataclass(frozen=True)
class Letter:
    """What a mail says: its purpose, text, attachments, and the entry it carries."""

    purpose: Purpose
    text: str
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False
    message_number: int | None = None
    subject: str = ""
    signed_by: str = ""


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
    sender = _sender(transaction, case, letter)
    references = _references(transaction, case.number)
    command_id = new_id()
    message_id = message_id_for(command_id, sender.address)
    data = MailSendData(
        purpose=letter.purpose,
        message_id=message_id,
        sender=sender,
        reply_to=reply_address(transaction, case, sender.name, recipients),
        to=tuple(recipients[:1]),
        cc=tuple(recipients[1:]),
        subject=f"[{case.number}] {letter.subject or case.subject}",
        text=letter.text,
        in_reply_to=references[-1] if references else None,
        references=references,
        attachments=letter.attachments,
        automatic=letter.automatic,
        message_number=letter.message_number,
    )
    connection = transaction.connection
    addresses = [one.address for one in recipients]
    entry = letter.message_number
    store.remember_mail(connection, message_id, addresses, case.number, entry)
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


def responsible_address(transaction: Transaction, case: CaseSnapshot) -> Address | None:
    """Where mail reaches the responsible; None without one, or without an address."""
    if case.responsible is None:
        return None
    user = directory.find(transaction.connection, User, case.responsible.id)
    if user is None or not user.address:
        return None
    return Address(address=user.address, name=user.name)


def discussion_text(transaction: Transaction, number: int, *, with_notes: bool) -> str:
    """The whole discussion as the text of a mail; notes are for our own people only."""
    return _text(store.discussion(transaction.connection, number), with_notes=with_notes)


def pass_on_discussion(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    recipients: Sequence[Address],
    introduction: str,
    *,
    purpose: Purpose = "pass_on",
) -> None:
    """Mail our own people everything that was said so far, with its attachments."""
    rows = store.discussion(transaction.connection, case.number)
    said = _text(rows, with_notes=True)
    about = f"{case.partner.name if case.partner else _contact(case)}".strip()
    head = f"{introduction}\nCase [{case.number}] {case.subject}\n{about}".rstrip()
    files = _attachments(rows)
    letter = Letter(purpose, f"{head}\n\n{said}", files, automatic=purpose == "reminder")
    order_mail(transaction, origin, case, recipients, letter)


def _entry(row: dict[str, Any]) -> str:
    kind = " (internal note)" if row["kind"] == "note" else ""
    return f"--- {row['author']}, {row['at']:%Y-%m-%d %H:%M} UTC{kind}\n{row['text']}"


def _text(rows: Sequence[dict[str, Any]], *, with_notes: bool) -> str:
    return "\n\n".join(_entry(row) for row in rows if with_notes or row["kind"] != "note")


def _attachments(rows: Sequence[dict[str, Any]]) -> tuple[Attachment, ...]:
    """Each once: what everybody has below his name came with every mail."""
    found = [Attachment.model_validate(one) for row in rows for one in row["attachments"]]
    return tuple({(one.filename, one.sha256 or one): one for one in found}.values())


def _contact(case: CaseSnapshot) -> str:
    return f"{case.contact.name} <{case.contact.address}>" if case.contact else ""


def _sender(transaction: Transaction, case: CaseSnapshot, letter: Letter) -> Address:
    section = section_of(transaction, case)
    name = letter.signed_by or (section.name if section else "")
    return Address(address=(section.reply_address or "") if section else "", name=name)


def _references(transaction: Transaction, number: int) -> tuple[str, ...]:
    """The Message-IDs of the discussion, so that mail programs show it as one thread."""
    rows = store.discussion_ids(transaction.connection, number)
    return tuple(rows[:1] + rows[1:][-MOST_REFERENCES:])

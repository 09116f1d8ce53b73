"""A mail that belongs to no case makes one (M5, M8)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from services.cases import directory, store
from services.cases.actions import ledger
from services.cases.actions.by_invitation import meeting_values
from services.cases.actions.ledger import Origin
from services.cases.actions.our_addresses import our_addresses
from services.cases.actions.values import (
    category_values,
    contact_values,
    first_section,
    responsible_values,
    section_values,
    usable_kind,
)
from services.contracts.cases import CaseSnapshot, Ref, Watcher
from services.contracts.directory import Section, User
from services.contracts.envelope import Actor
from services.contracts.mail import Address, MailReceivedData
from services.contracts.plus_addresses import is_among, readings
from services.messaging.transaction import Transaction

MOST_WATCHERS_BY_MAIL = 20  # a mail to a crowd must not make us write to that crowd


def open_by_mail(
    transaction: Transaction, origin: Origin, mail: MailReceivedData
) -> tuple[CaseSnapshot, int]:
    """The new case and the number of its first entry.

    Its contact is the sender, or whom one of our users wrote to (M8).
    """
    connection = transaction.connection
    user = _user(connection, mail)
    ours = our_addresses(connection, mail, by_user=user is not None)
    outsider = _outsider(connection, mail, ours) if user else None
    contact = outsider or mail.sender
    values: dict[str, Any] = {"kind": usable_kind(connection, mail.new_case.kind)}
    values |= meeting_values(connection, mail)
    values |= contact_values(connection, contact.address, contact.name)
    values |= section_values(connection, _section_id(transaction, mail))
    values |= category_values(connection, mail.new_case.category_id)
    if user and outsider:
        values |= responsible_values(connection, user.id) | {"state": "open"}
        if not mail.automatic:
            values["responded_at"] = origin.at  # what he wrote is our first word
    case = CaseSnapshot(
        number=0,
        version=0,
        subject=mail.subject or "(no subject)",
        priority=mail.new_case.priority,
        watchers=_watchers(connection, mail, ours, contact),
        created_at=origin.at,
        last_action_at=origin.at,
        state_since=origin.at,
        answer_from=mail.new_case.answer_from,
        **{"state": "draft", **values},
    )
    origin = Origin(_actor(mail, user, case.partner), origin.cause, origin.reason, origin.at)
    case = ledger.create(transaction, origin, case, mail.text)
    direction = "out" if outsider else "in"
    case, number = ledger.add_message(transaction, origin, case, message_row(mail, direction))
    if outsider:
        # He got it from one of ours: his answer to it proves who he is, as one to our own mail.
        store.remember_mail(connection, mail.message_id, [outsider.address], case.number)
    return case, number


def message_row(mail: MailReceivedData, direction: str, **more: Any) -> dict[str, Any]:
    """The entry of the discussion for a mail."""
    name, address = mail.sender.name, mail.sender.address
    return {
        "kind": "mail",
        "direction": direction,
        "author": (f"{name} <{address}>" if name else address)[:400],
        "subject": mail.subject,
        "text": mail.text,
        "quoted": mail.quoted,
        "html": mail.html,
        "attachments": [one.model_dump() for one in mail.attachments],
        "automatic": mail.automatic,
        "message_id": mail.message_id,
        **more,
    }


def _actor(mail: MailReceivedData, user: User | None, partner: Ref | None) -> Actor:
    if user:
        return Actor(kind="user", id=user.id, name=user.name)
    name = mail.sender.name or mail.sender.address
    return Actor(kind="partner", id=partner.id if partner else None, name=name)


def _user(connection: Connection, mail: MailReceivedData) -> User | None:
    """Who of ours wrote it; nobody who may only read, or whose mail our server found forged."""
    user = directory.user_by_address(connection, mail.sender.address)
    if user is None or user.role == "read-only" or mail.authentication == "fail":
        return None
    return user


def _outsider(connection: Connection, mail: MailReceivedData, ours: set[str]) -> Address | None:
    """Whom a mail from one of ours is for: the first in To that is neither us nor ours."""
    for one in mail.to:
        known = directory.user_by_address(connection, one.address) is not None
        if not known and not is_among(one.address, ours):
            return one
    return None


def _section_id(transaction: Transaction, mail: MailReceivedData) -> int | None:
    """The section of the account, else that whose address was written to, else the first."""
    if mail.new_case.section_id is not None:
        return mail.new_case.section_id
    sections = [s for s in directory.every(transaction.connection, Section) if s.active]
    recipients = [one.address for one in (*mail.to, *mail.cc)]
    written_to = {one.lower() for one in recipients}
    written_to |= {base for one in recipients for base, _tag in readings(one)}
    for section in sections:
        if section.reply_address and section.reply_address.lower() in written_to:
            return section.id
    return first_section(transaction.connection)


def _watchers(
    connection: Connection, mail: MailReceivedData, ours: set[str], contact: Address
) -> tuple[Watcher, ...]:
    """Those in copy, and those addressed beside us."""
    taken = {mail.sender.address.lower(), contact.address.lower()}
    found: list[Watcher] = []
    for one in (*mail.to, *mail.cc):
        address = one.address.lower()
        if address in taken or is_among(address, ours):
            continue
        taken.add(address)
        user = directory.user_by_address(connection, address)
        side = "staff" if user else "partner"
        found.append(Watcher.model_validate({**one.model_dump(), "side": side}))
        if len(found) > MOST_WATCHERS_BY_MAIL:
            return ()
    return tuple(found)

"""What a mail about a case has to know of its discussion: all SQL about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from services.cases.tables import message_ids, messages

_ENTRIES = messages.c.case_number == bindparam("its_number")
_OF_THE_THREAD = (
    select(messages.c.number, messages.c.message_id, messages.c.direction, messages.c.at)
    .where(_ENTRIES)
    .order_by(messages.c.at, messages.c.number)
)
# By the index of what carried an entry.
_SENT_TO = select(message_ids.c.message_number, message_ids.c.message_id).where(
    message_ids.c.case_number == bindparam("its_number"),
    message_ids.c.message_number.is_not(None),
    message_ids.c.recipient == bindparam("its_recipient"),
)
_LAST_IN = (
    select(messages.c.author, messages.c.at, messages.c.text, messages.c.verified)
    .where(_ENTRIES, messages.c.direction == "in", messages.c.automatic.is_(False))
    .order_by(messages.c.at.desc(), messages.c.number.desc())
    .limit(1)
)


class Entry(NamedTuple):
    """An entry of the discussion: its number, and its Message-ID where it came by mail."""

    number: int
    message_id: str
    direction: str
    at: datetime


def entries(connection: Connection, number: int) -> list[Entry]:
    """The entries of the discussion, in order."""
    return [Entry(*row) for row in connection.execute(_OF_THE_THREAD, {"its_number": number})]


def sent_to(connection: Connection, number: int, address: str) -> dict[int, list[str]]:
    """The Message-IDs of the mails that brought entries to this address, by the entry's number."""
    given = {"its_number": number, "its_recipient": address.lower()}
    found: dict[int, list[str]] = {}
    for entry, message_id in connection.execute(_SENT_TO, given):
        found.setdefault(entry, []).append(message_id)
    return found


def last_of_partner(connection: Connection, number: int) -> dict[str, Any] | None:
    """The author, moment and text of what the partner's side wrote last, and if it is verified."""
    row = connection.execute(_LAST_IN, {"its_number": number}).mappings().first()
    return dict(row) if row else None

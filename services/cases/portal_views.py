"""What a contact sees in the portal: only what was mailed to him or by him, whatever is there.

Built from nothing, never by taking fields away from a case: a field that comes new to cases is
not shown before somebody names it here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from services.cases import directory, reply_keys, store
from services.cases.model.portal_token import make_portal_token
from services.cases.model.states import MOVES
from services.cases.portal_access import Opened, open_link
from services.cases.tables import cases, message_ids
from services.contracts.cases import CLOSED, CaseSnapshot, State
from services.contracts.directory import Section
from services.contracts.mail import Attachment
from services.contracts.portal import PortalCase, PortalEntry, PortalLine, PortalState, PortalView

DEFAULT_LANGUAGE = "en"
MOST_CASES = 100
_STATES: dict[State, PortalState] = {
    "draft": "received",
    "open": "in_work",
    "pending": "waiting",
    "done": "closed",
    "cancelled": "closed",
}


def portal_view(connection: Connection, token: str, at: datetime) -> PortalView:
    """The case, or the list of all cases, that this link opens now. Raises NotFound."""
    opened = open_link(connection, token, at)
    section = opened.section
    frame = {
        "language": section.language if section else DEFAULT_LANGUAGE,
        "section": section.name if section else "",
    }
    if opened.opens == "cases":
        return PortalView(**frame, cases=_lines(connection, opened, at))
    return PortalView(**frame, case=_case(connection, opened))


def portal_link(connection: Connection, number: int, at: datetime) -> str:
    """A fresh token for the contact of a case in whose portal somebody has just acted."""
    contact = store.get(connection, number).contact
    assert contact is not None
    key = reply_keys.signing_key(connection)
    return make_portal_token(key, number, contact.address, "case", at)


def _case(connection: Connection, opened: Opened) -> PortalCase:
    case, address = opened.case, opened.contact.address.lower()
    rows = store.discussion(connection, case.number)
    got = _mailed_to(connection, case.number, rows, address)
    shown = tuple(_entry(connection, row, opened) for row in rows if _is_his(row, address, got))
    return PortalCase(
        number=case.number,
        subject=case.subject,
        state=_STATES[case.state],
        opened_at=case.created_at,
        entries=shown,
        may_close=case.state not in CLOSED and "done" in MOVES[case.state],
    )


def _is_his(row: dict[str, Any], address: str, got: set[tuple[int, int]]) -> bool:
    """Whether it is a mail that he wrote, or that was sent to his address."""
    if row["kind"] == "note" or row["direction"] == "internal":
        return False
    wrote = row["direction"] == "in" and _address(row["author"]) == address
    return wrote or (row["case_number"], row["number"]) in got


def _mailed_to(
    connection: Connection, number: int, rows: Sequence[dict[str, Any]], address: str
) -> set[tuple[int, int]]:
    """The entries, by case and number, that mails to this address carried.

    What came with a merged or split case is known by where it stood first.
    """
    t = message_ids
    there = {number, *(row["from_case"] for row in rows if row["from_case"])}
    question = select(t.c.case_number, t.c.split_from, t.c.message_number).where(
        t.c.case_number.in_(there), t.c.message_number.is_not(None), t.c.recipient == address
    )
    carried = {(split or case, entry) for case, split, entry in connection.execute(question)}
    # A mail that one of us wrote to him with us in copy is known by its Message-ID.
    own_ids = [row["message_id"] for row in rows if row["message_id"]]
    direct = select(t.c.message_id).where(t.c.message_id.in_(own_ids), t.c.recipient == address)
    had = set(connection.scalars(direct)) if own_ids else set()
    return {
        (row["case_number"], row["number"])
        for row in rows
        if (row["case_number"], row["number"]) in carried
        or (row["from_case"], row["from_number"]) in carried
        or row["message_id"] in had
    }


def _entry(connection: Connection, row: dict[str, Any], opened: Opened) -> PortalEntry:
    from_us = row["direction"] == "out"
    address = _address(row["author"])
    return PortalEntry(
        author=_author(connection, row["author"], opened) if from_us else _name(row["author"]),
        from_us=from_us,
        is_yours=not from_us and address == opened.contact.address.lower(),
        confirmed=row["verified"],
        at=row["at"],
        text=row["text"],
        attachments=tuple(Attachment.model_validate(one) for one in row["attachments"]),
    )


def _author(connection: Connection, author: str, opened: Opened) -> str:
    """Who of ours wrote, by name: his own address stands in none of our mails."""
    user = directory.user_by_address(connection, _address(author))
    name = _name(author) if "<" in author or "@" not in author else ""
    return (user.name if user else name) or (opened.section.name if opened.section else "")


def _lines(connection: Connection, opened: Opened, at: datetime) -> tuple[PortalLine, ...]:
    """The newest cases that he is the contact of, each with a link of its own."""
    t, address = cases, opened.contact.address.lower()
    question = (
        select(t.c.snapshot)
        .where(t.c.contact_address == address, t.c.merged_into.is_(None))
        .order_by(t.c.number.desc())
        .limit(MOST_CASES)
    )
    key = reply_keys.all_keys(connection)[0]
    found = (CaseSnapshot.model_validate(one) for one in connection.scalars(question))
    # That the address is none of ours has been asked when the link was opened.
    without = {one.id for one in directory.every(connection, Section) if not one.portal}
    return tuple(
        PortalLine(
            number=case.number,
            subject=case.subject,
            state=_STATES[case.state],
            opened_at=case.created_at,
            token=make_portal_token(key, case.number, address, "case", at),
        )
        for case in found
        if case.section is None or case.section.id not in without
    )


def _address(author: str) -> str:
    return author.rpartition("<")[2].rstrip("> ").lower()


def _name(author: str) -> str:
    return author.rpartition("<")[0].strip() or author.strip("<> ")

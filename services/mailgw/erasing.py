"""Where the mail gateway keeps what is known of a person, and how he is erased from it."""

from __future__ import annotations

import json

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, text, update

from services.contracts.erasure import ERASED, Erasure
from services.mailgw import mail_search, tables
from services.mailgw.model.mail_words import words_of
from services.messaging.erasing import Kept, outbox_of, rewrite
from services.runtime.clock import now
from services.runtime.database import Database

KEPT: tuple[Kept, ...] = (
    Kept(
        tables.raw_mails,
        ("sender", "subject", "why", "filed_why", "verdicts"),
        written=("subject",),
        case="case_number",
        by="sender",
    ),
    Kept(tables.outgoing, ("payload", "remaining", "why")),
    outbox_of(tables.outbox),
)
_FORGET = text("DELETE FROM mail_search WHERE mail_id = :mail")


def originals_of(connection: Connection, erasure: Erasure) -> dict[str, bytes]:
    """The mails that he wrote, and those on his cases, as they came."""
    t, content = tables.raw_mails, tables.raw_contents
    question = select(t.c.id, content.c.content).join(content, content.c.mail_id == t.c.id)
    rows = connection.execute(question.where(_is_his(erasure)))
    return {mail_id: bytes(raw) for mail_id, raw in rows}


def files_of(connection: Connection, erasure: Erasure) -> set[str]:
    """The hashes of attachments whose originals were dropped."""
    k, t = tables.kept_parts, tables.raw_mails
    question = select(k.c.sha256).join(t, t.c.id == k.c.mail_id)
    return set(connection.scalars(question.where(_is_his(erasure))))


def erase(database: Database, erasure: Erasure) -> dict[str, int]:
    """Rewrite everything without him; how many rows of each table. It may be done again.

    Mails that wait to go to him, or on a case of his, are given up.
    """
    with database.write() as connection:
        mails = list(connection.scalars(select(tables.raw_mails.c.id).where(_is_his(erasure))))
        counted = {"originals": _drop(connection, mails)}
        counted["mails given up"] = _give_up(connection, erasure)
        a = tables.automatic_mails
        connection.execute(delete(a).where(a.c.address == erasure.address.lower()))
    for kept in KEPT:
        counted[kept.table.name] = rewrite(database, kept, erasure)
    with database.write() as connection:
        _write_words(connection, mails)
    return counted


def _is_his(erasure: Erasure) -> ColumnElement[bool]:
    t = tables.raw_mails
    sender = func.lower(t.c.sender).in_([erasure.address.lower(), erasure.stand_in])
    return or_(sender, t.c.case_number.in_(sorted(erasure.cases)))


def _drop(connection: Connection, mails: list[str]) -> int:
    content, parts, t = tables.raw_contents, tables.kept_parts, tables.raw_mails
    connection.execute(delete(parts).where(parts.c.mail_id.in_(mails)))
    gone = connection.execute(delete(content).where(content.c.mail_id.in_(mails))).rowcount
    dropped = update(t).where(t.c.id.in_(mails), t.c.dropped_at.is_(None))
    connection.execute(dropped.values(dropped_at=now()))
    return gone


def _give_up(connection: Connection, erasure: Erasure) -> int:
    t = tables.outgoing
    waiting = t.c.status.in_(["queued", "sending"])
    rows = connection.execute(select(t.c.id, t.c.remaining, t.c.payload).where(waiting)).all()
    his = [
        row.id
        for row in rows
        if any(erasure.is_in(one) for one in row.remaining)
        or json.loads(row.payload).get("case_id") in erasure.cases
    ]
    change = update(t).where(t.c.id.in_(his)).values(status="failed", why=ERASED)
    return connection.execute(change).rowcount if his else 0


def _write_words(connection: Connection, mails: list[str]) -> None:
    """Found by nothing that he wrote any more."""
    t = tables.raw_mails
    question = select(t.c.id, t.c.sender, t.c.subject).where(t.c.id.in_(mails))
    rows = [
        {"mail": row.id, "words": words_of(row.sender, row.subject)}
        for row in connection.execute(question)
    ]
    if not rows:
        return
    for row in rows:
        change = update(t).where(t.c.id == row["mail"]).values(words=row["words"])
        connection.execute(change)
        if connection.dialect.name == "sqlite":
            connection.execute(_FORGET, {"mail": row["mail"]})
    mail_search.write(connection, rows)

"""Every mail as it came: all SQL about raw mails."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from services.mailgw.tables import raw_contents, raw_mails
from services.runtime.identity import new_id


@dataclass(frozen=True)
class Waiting:
    """A stored mail that nobody has looked into yet."""

    id: str
    account: str
    received_at: datetime
    size_bytes: int


def store(connection: Connection, account: str, raw: bytes, received_at: datetime) -> str:
    """Keep a mail and answer its id; the same bytes for the same account are kept once."""
    sha256 = hashlib.sha256(raw).hexdigest()
    known = connection.scalar(
        select(raw_mails.c.id).where(raw_mails.c.account == account, raw_mails.c.sha256 == sha256)
    )
    if known is not None:
        return str(known)
    mail_id = new_id()
    connection.execute(
        raw_mails.insert().values(
            id=mail_id,
            sha256=sha256,
            size_bytes=len(raw),
            account=account,
            received_at=received_at,
            status="stored",
            why="",
        )
    )
    connection.execute(raw_contents.insert().values(mail_id=mail_id, content=raw))
    return mail_id


def waiting(connection: Connection, limit: int) -> list[Waiting]:
    """The oldest mails not yet looked into."""
    t = raw_mails
    question = (
        select(t.c.id, t.c.account, t.c.received_at, t.c.size_bytes)
        .where(t.c.status == "stored")
        .order_by(t.c.id)
        .limit(limit)
    )
    return [Waiting(*row) for row in connection.execute(question)]


def contents(connection: Connection, ids: Sequence[str]) -> dict[str, bytes]:
    """The bytes of these mails."""
    t = raw_contents
    rows = connection.execute(select(t.c.mail_id, t.c.content).where(t.c.mail_id.in_(ids)))
    return {mail_id: bytes(content) for mail_id, content in rows}


def still_waiting(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these are still stored only; their rows stay locked until the commit."""
    t = raw_mails
    question = select(t.c.id).where(t.c.id.in_(ids), t.c.status == "stored").with_for_update()
    return set(connection.scalars(question))


def settle(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write what became of mails: rows with `mail`, `status`, `why` and `verdicts`."""
    statement = (
        update(raw_mails)
        .where(raw_mails.c.id == bindparam("mail"))
        .values(status=bindparam("status"), why=bindparam("why"), verdicts=bindparam("verdicts"))
    )
    connection.execute(statement, list(rows))

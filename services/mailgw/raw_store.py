"""Every mail as it came: all SQL about raw mails."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, literal_column, select, update

from services.mailgw import mail_search
from services.mailgw.tables import raw_contents, raw_mails
from services.runtime.identity import new_id

# Not as a parameter: SQLite takes the partial index only when it sees that it fits.
_STORED = raw_mails.c.status == literal_column("'stored'")
HEAVY_BYTES = 256 * 1024  # from here on reading a mail's parts would stall a green process


@dataclass(frozen=True)
class Waiting:
    """A stored mail to be looked into; `by_hand` is what an operator decided of it before."""

    id: str
    account: str
    received_at: datetime
    size_bytes: int
    attempts: int
    by_hand: str | None = None


@dataclass(frozen=True)
class Kept:
    """The ids of stored mails, in the order given, and how many were not known before."""

    ids: list[str]
    new: int


def store(
    connection: Connection, account: str, raws: Sequence[bytes], received_at: datetime
) -> Kept:
    """Keep these mails; the same bytes for the same account are kept once."""
    hashes = [hashlib.sha256(raw).hexdigest() for raw in raws]
    t = raw_mails
    question = select(t.c.sha256, t.c.id).where(t.c.account == account, t.c.sha256.in_(hashes))
    known: dict[str, str] = {sha256: mail_id for sha256, mail_id in connection.execute(question)}
    rows: list[dict[str, Any]] = []
    contents: list[dict[str, Any]] = []
    for sha256, raw in zip(hashes, raws, strict=True):
        if sha256 in known:
            continue
        known[sha256] = mail_id = new_id()
        rows.append({"id": mail_id, "sha256": sha256, "size_bytes": len(raw)})
        contents.append({"mail_id": mail_id, "content": raw})
    if rows:
        fresh = {"account": account, "received_at": received_at, "status": "stored", "why": ""}
        connection.execute(raw_mails.insert(), [{**fresh, **row} for row in rows])
        connection.execute(raw_contents.insert(), contents)
    return Kept([known[sha256] for sha256 in hashes], len(rows))


# Built once: they are asked many times a second.
_WAITING = (
    select(
        raw_mails.c.id,
        raw_mails.c.account,
        raw_mails.c.received_at,
        raw_mails.c.size_bytes,
        raw_mails.c.attempts,
        raw_mails.c.by_hand,
    )
    .where(_STORED)
    .order_by(raw_mails.c.id)
    .limit(bindparam("most"))
)
_WAITING_HEAVY = _WAITING.where(raw_mails.c.size_bytes >= HEAVY_BYTES)
_WAITING_LIGHT = _WAITING.where(raw_mails.c.size_bytes < HEAVY_BYTES)


def waiting(connection: Connection, limit: int, heavy: bool) -> list[Waiting]:
    """The oldest mails not yet looked into, either the heavy ones or the others."""
    question = _WAITING_HEAVY if heavy else _WAITING_LIGHT
    return [Waiting(*row) for row in connection.execute(question, {"most": limit})]


def count_attempt(connection: Connection, ids: Sequence[str]) -> None:
    """These are about to be looked into."""
    t = raw_mails
    connection.execute(update(t).where(t.c.id.in_(ids)).values(attempts=t.c.attempts + 1))


def contents(connection: Connection, ids: Sequence[str]) -> dict[str, bytes]:
    """The bytes of these mails."""
    t = raw_contents
    rows = connection.execute(select(t.c.mail_id, t.c.content).where(t.c.mail_id.in_(ids)))
    return {mail_id: bytes(content) for mail_id, content in rows}


def still_waiting(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these are still stored only; their rows stay locked until the commit."""
    t = raw_mails
    question = select(t.c.id).where(t.c.id.in_(ids), _STORED).with_for_update()
    return set(connection.scalars(question))


_SETTLED = ("status", "why", "verdicts", "message_id", "sender", "subject", "words")
_FILED = ("case_number", "filed", "filed_why")
_SETTLE = (
    update(raw_mails)
    .where(raw_mails.c.id == bindparam("mail"))
    .values({name: bindparam(f"new_{name}") for name in (*_SETTLED, *_FILED)})
)


def settle(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write what became of mails: rows with `mail` and the columns _SETTLED and _FILED."""
    names = (*_SETTLED, *_FILED)
    given = [{"mail": row["mail"], **{f"new_{n}": row[n] for n in names}} for row in rows]
    connection.execute(_SETTLE, given)
    mail_search.write(connection, rows)


def quarantine(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """The latest mails that could not be read, newest first, and why."""
    t = raw_mails
    columns = (t.c.id.label("mail_id"), t.c.account, t.c.received_at, t.c.size_bytes, t.c.why)
    question = select(*columns).where(t.c.status == "quarantined").order_by(t.c.id.desc())
    return [dict(row) for row in connection.execute(question.limit(limit)).mappings()]

"""Links that set a new password: asked for, made when the mail is ordered, used once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from services.web.access.digest import digest
from services.web.access.visitor import Visitor
from services.web.tables import password_resets

LASTS = timedelta(minutes=30)
TAKEN_FOR = timedelta(minutes=1)
KEPT_FOR = timedelta(days=1)
WITHIN = timedelta(hours=1)
MOST_MAILS_TO_ONE = 3
MOST_FROM_ONE_ADDRESS = 20

t = password_resets


@dataclass(frozen=True)
class Asked:
    """Somebody typed this name, or mail address, and wants a link."""

    id: int
    name: str
    asked_at: datetime
    visitor: Visitor


def ask(connection: Connection, name: str, visitor: Visitor, at: datetime) -> datetime | None:
    """Note that a link is wanted; answers when to ask again where an address asked too often.

    The same is done for every name, so that nobody learns which exist.
    """
    recent = select(func.count(), func.min(t.c.asked_at)).where(
        t.c.address == visitor.network, t.c.asked_at > at - WITHIN
    )
    count, first = connection.execute(recent).one()
    if count >= MOST_FROM_ONE_ADDRESS:
        assert isinstance(first, datetime)
        return first + WITHIN
    values = {"address": visitor.network, "program": visitor.program, "asked_at": at}
    connection.execute(insert(t).values(name=name.strip()[:320], **values))
    return None


def is_any_waiting(connection: Connection, at: datetime) -> bool:
    """Whether there is one that no process sees to."""
    return connection.scalar(select(t.c.id).where(_waits(at)).limit(1)) is not None


def take_waiting(connection: Connection, at: datetime) -> list[Asked]:
    """Those that no process sees to; they are this one's for a minute."""
    waits = _waits(at)
    taken = []
    for row in connection.execute(select(t).where(waits).order_by(t.c.id).limit(20)).all():
        mine = update(t).where(t.c.id == row.id, waits).values(taken_at=at)
        if connection.execute(mine).rowcount == 1:
            asker = Visitor(row.address, row.program)
            taken.append(Asked(row.id, row.name, row.asked_at, asker))
    return taken


def make_link(connection: Connection, asked: Asked, user_id: int, at: datetime) -> str | None:
    """The secret of a new link for this user; None where he got enough of them lately."""
    lately = select(func.count()).where(
        t.c.user_id == user_id, t.c.id != asked.id, t.c.asked_at > at - WITHIN
    )
    if (connection.scalar(lately) or 0) >= MOST_MAILS_TO_ONE:
        return None
    secret = secrets.token_urlsafe(32)
    values = {"user_id": user_id, "sha256": digest(secret), "expires_at": at + LASTS}
    connection.execute(update(t).where(t.c.id == asked.id).values(**values))
    return secret


def note_handled(connection: Connection, asked: Asked, at: datetime) -> None:
    """It is seen to: the mail is ordered, or none is to be sent."""
    connection.execute(update(t).where(t.c.id == asked.id).values(handled_at=at))


def user_of_link(connection: Connection, secret: str, at: datetime) -> int | None:
    """Whose link it is, while it holds."""
    return connection.scalar(select(t.c.user_id).where(_holds(secret, at)))


def use_link(connection: Connection, secret: str, at: datetime) -> int | None:
    """Use it up, with all others of the same user; whose it was, None when it holds no more."""
    user_id = user_of_link(connection, secret, at)
    used = update(t).where(_holds(secret, at)).values(used_at=at)
    if user_id is None or connection.execute(used).rowcount != 1:
        return None
    others = (t.c.user_id == user_id) & t.c.used_at.is_(None)
    connection.execute(update(t).where(others).values(used_at=at))
    return user_id


def forget_old(connection: Connection, at: datetime) -> None:
    """Delete those that say nothing any more."""
    connection.execute(delete(t).where(t.c.asked_at < at - KEPT_FOR))


def _waits(at: datetime) -> ColumnElement[bool]:
    return (
        t.c.handled_at.is_(None)
        & (t.c.asked_at > at - LASTS)
        & or_(t.c.taken_at.is_(None), t.c.taken_at < at - TAKEN_FOR)
    )


def _holds(secret: str, at: datetime) -> ColumnElement[bool]:
    return (t.c.sha256 == digest(secret)) & t.c.used_at.is_(None) & (t.c.expires_at > at)

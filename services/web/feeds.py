"""Calendar feeds by secret address: given out once, kept by their SHA-256, ended at will (C6)."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, func, insert, select, update

from services.contracts.envelope import Part
from services.contracts.errors import InvalidRequest, NotFound
from services.web.access.digest import digest
from services.web.tables import calendar_feeds

MOST_OF_ONE_USER = 20
LONGEST_NAME = 100
ENDING = 6
READ_NOTED_EVERY = timedelta(minutes=5)


class Feed(Part):
    """A feed that a user has made: of one colleague's cases, or of the company's (None).

    `ending` is the end of its address, by which one tells it from another.
    """

    id: int
    user_id: int
    of_user_id: int | None
    name: str
    ending: str
    made_at: datetime
    read_at: datetime | None = None


def make_feed(
    connection: Connection, user_id: int, of_user_id: int | None, name: str, at: datetime
) -> str:
    """The secret that its address ends with; this answer is the only place where it stands.

    Raises InvalidRequest for too many, or a name that will not do.
    """
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise InvalidRequest("name", f"give it a name of at most {LONGEST_NAME} characters")
    t = calendar_feeds
    mine = select(func.count()).where(t.c.user_id == user_id, t.c.revoked_at.is_(None))
    if (connection.scalar(mine) or 0) >= MOST_OF_ONE_USER:
        raise InvalidRequest("name", f"you have {MOST_OF_ONE_USER} already; end one first")
    secret = secrets.token_urlsafe(32)
    values = {"user_id": user_id, "of_user_id": of_user_id, "name": name.strip(), "made_at": at}
    connection.execute(insert(t).values(sha256=digest(secret), ending=secret[-ENDING:], **values))
    return secret


def feeds_of(connection: Connection, user_id: int) -> list[Feed]:
    """Those of a user that still hold, the newest first."""
    t = calendar_feeds
    question = select(t).where(t.c.user_id == user_id, t.c.revoked_at.is_(None))
    return [_read(row) for row in connection.execute(question.order_by(t.c.id.desc()))]


def find_feed(connection: Connection, secret: str) -> Feed | None:
    """The feed of an address; None when there is none, or it was ended."""
    t = calendar_feeds
    question = select(t).where(t.c.sha256 == digest(secret), t.c.revoked_at.is_(None))
    row = connection.execute(question).first()
    return _read(row) if row is not None else None


def is_worth_noting(feed: Feed, at: datetime) -> bool:
    """Whether that it is read now says anything new."""
    return feed.read_at is None or at - feed.read_at > READ_NOTED_EVERY


def note_reading(connection: Connection, feed_id: int, at: datetime) -> None:
    """Keep when it was last read, so that one sees which are of use."""
    t = calendar_feeds
    connection.execute(update(t).where(t.c.id == feed_id).values(read_at=at))


def revoke_feed(connection: Connection, user_id: int, feed_id: int, at: datetime) -> None:
    """End a feed of this user's. Raises NotFound."""
    t = calendar_feeds
    mine = (t.c.id == feed_id) & (t.c.user_id == user_id) & t.c.revoked_at.is_(None)
    if connection.execute(update(t).where(mine).values(revoked_at=at)).rowcount == 0:
        raise NotFound("calendar feed of yours", feed_id)


def _read(row: Row[tuple[object, ...]]) -> Feed:
    return Feed(
        id=row.id,
        user_id=row.user_id,
        of_user_id=row.of_user_id,
        name=row.name,
        ending=row.ending,
        made_at=row.made_at,
        read_at=row.read_at,
    )

"""Sessions: begun at each sign-in, kept by the SHA-256 of their secret, ended at will."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select, update

from services.contracts.errors import NotFound
from services.web.access.digest import digest
from services.web.access.visitor import Visitor
from services.web.tables import credentials, sessions

LASTS = timedelta(days=7)
LASTS_UNUSED = timedelta(hours=24)
SEEN_NOTED_EVERY = timedelta(minutes=1)

PASSWORD = "password"
WITH_CODE = "password and code"
WITH_RECOVERY_CODE = "password, recovery code"
SINGLE_SIGN_ON = "single sign-on"


@dataclass(frozen=True)
class Session:
    """One session of a user; `proof` is how he proved himself when it began."""

    id: int
    user_id: int
    proof: str
    begun_at: datetime
    seen_at: datetime
    address: str
    program: str


def begin_session(
    connection: Connection,
    user_id: int,
    version: int,
    proof: str,
    visitor: Visitor,
    *,
    at: datetime,
) -> str:
    """The secret of a new session; this answer is the only place where it stands.

    `version` is that of the user's credential; with a newer one the session ends.
    """
    secret = secrets.token_urlsafe(32)
    connection.execute(
        insert(sessions).values(
            sha256=digest(secret),
            user_id=user_id,
            credential_version=version,
            proof=proof,
            begun_at=at,
            seen_at=at,
            address=visitor.address,
            program=visitor.program,
        )
    )
    return secret


def find_session(connection: Connection, secret: str, at: datetime) -> Session | None:
    """The session of this secret, while it holds."""
    return _one(connection, sessions.c.sha256 == digest(secret), at)


def sessions_of(connection: Connection, user_id: int, at: datetime) -> list[Session]:
    """Those of a user that hold, the one used last first."""
    question = _holding(sessions.c.user_id == user_id, at)
    rows = connection.execute(question.order_by(sessions.c.seen_at.desc(), sessions.c.id.desc()))
    return [_read(row) for row in rows]


def is_worth_noting(session: Session, at: datetime) -> bool:
    """Whether that it is used now says anything new."""
    return at - session.seen_at >= SEEN_NOTED_EVERY


def note_use(connection: Connection, session_id: int, at: datetime) -> None:
    """Keep when the session was last used."""
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=at))


def end_session(connection: Connection, user_id: int, session_id: int) -> None:
    """End a session of this user's. Raises NotFound."""
    his = (sessions.c.id == session_id) & (sessions.c.user_id == user_id)
    if connection.execute(delete(sessions).where(his)).rowcount == 0:
        raise NotFound("session of yours", session_id)


def end_sessions_of(connection: Connection, user_id: int, but: int | None = None) -> int:
    """End all sessions of a user, but the one of that id; how many it were."""
    his = sessions.c.user_id == user_id
    if but is not None:
        his &= sessions.c.id != but
    return connection.execute(delete(sessions).where(his)).rowcount


def forget_ended(connection: Connection, at: datetime) -> None:
    """Delete those that have ended by themselves."""
    over = (sessions.c.begun_at <= at - LASTS) | (sessions.c.seen_at <= at - LASTS_UNUSED)
    connection.execute(delete(sessions).where(over))


def _holding(which: ColumnElement[bool], at: datetime) -> Select[tuple[object, ...]]:
    present = func.coalesce(credentials.c.version, 0)
    return (
        select(sessions)
        .outerjoin(credentials, credentials.c.user_id == sessions.c.user_id)
        .where(
            which,
            sessions.c.credential_version == present,
            sessions.c.begun_at > at - LASTS,
            sessions.c.seen_at > at - LASTS_UNUSED,
        )
    )


def _one(connection: Connection, which: ColumnElement[bool], at: datetime) -> Session | None:
    row = connection.execute(_holding(which, at)).first()
    return None if row is None else _read(row)


def _read(row: Row[tuple[object, ...]]) -> Session:
    return Session(
        row.id, row.user_id, row.proof, row.begun_at, row.seen_at, row.address, row.program
    )

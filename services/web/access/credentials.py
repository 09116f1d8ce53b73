"""Keeping and finding the credentials of users."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from services.web.access.sessions import end_sessions_of
from services.web.tables import credentials, sessions, tokens


@dataclass(frozen=True)
class Credential:
    """How one user proves himself; `version` grows with each new password."""

    user_id: int
    login: str
    password_hash: str
    version: int


def find_credential(connection: Connection, user_id: int) -> Credential | None:
    """The credential of this user, if he has one."""
    return _one(connection, credentials.c.user_id == user_id)


def find_credential_by_login(connection: Connection, login: str) -> Credential | None:
    """The credential last saved under this login."""
    return _one(connection, credentials.c.login == login)


def save_credential(
    connection: Connection,
    user_id: int,
    login: str,
    password_hash: str,
    at: datetime,
    *,
    keep_session: int | None = None,
) -> None:
    """Keep a new password; sessions and tokens that were got with the old one end.

    The session of the id `keep_session` goes on: in it the user has just given both.
    """
    before = find_credential(connection, user_id)
    version = before.version + 1 if before else 1
    values = {"login": login, "password_hash": password_hash, "changed_at": at, "version": version}
    if before is None:
        connection.execute(insert(credentials).values(user_id=user_id, **values))
    else:
        connection.execute(
            update(credentials).where(credentials.c.user_id == user_id).values(**values)
        )
    connection.execute(delete(tokens).where(tokens.c.user_id == user_id))
    end_sessions_of(connection, user_id, but=keep_session)
    connection.execute(
        update(sessions).where(sessions.c.user_id == user_id).values(credential_version=version)
    )


def rename_credential(connection: Connection, user_id: int, login: str) -> None:
    """Note a user's new login; nothing happens when he has no password yet."""
    connection.execute(
        update(credentials).where(credentials.c.user_id == user_id).values(login=login)
    )


def _one(connection: Connection, condition: ColumnElement[bool]) -> Credential | None:
    row = connection.execute(select(credentials).where(condition)).first()
    if row is None:
        return None
    return Credential(row.user_id, row.login, row.password_hash, row.version)

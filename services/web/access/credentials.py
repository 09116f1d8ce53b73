"""Keeping and finding the credentials of users."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from services.web.tables import credentials, tokens


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
    connection: Connection, user_id: int, login: str, password_hash: str, at: datetime
) -> None:
    """Keep a new password; sessions and tokens that were got with the old one end."""
    before = find_credential(connection, user_id)
    values = {"login": login, "password_hash": password_hash, "changed_at": at}
    if before is None:
        connection.execute(insert(credentials).values(user_id=user_id, version=1, **values))
        return
    connection.execute(
        update(credentials)
        .where(credentials.c.user_id == user_id)
        .values(version=before.version + 1, **values)
    )
    connection.execute(delete(tokens).where(tokens.c.user_id == user_id))


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

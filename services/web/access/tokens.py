"""Tokens for programs: given out once, kept only as their SHA-256."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from services.web.access.digest import digest
from services.web.tables import tokens

PREFIX = "cw_"  # so that a token that leaked into a file can be searched for
USE_NOTED_EVERY = timedelta(minutes=1)


def issue_token(connection: Connection, user_id: int, now: datetime, lasts: timedelta) -> str:
    """Make a token; this answer is the only place where it stands."""
    token = PREFIX + secrets.token_urlsafe(32)
    connection.execute(
        insert(tokens).values(
            sha256=digest(token), user_id=user_id, created_at=now, expires_at=now + lasts
        )
    )
    connection.execute(delete(tokens).where(tokens.c.expires_at < now))
    return token


def find_token(connection: Connection, token: str, now: datetime) -> tuple[int, bool] | None:
    """The user of a token that still holds, and whether its use is worth noting again."""
    row = connection.execute(
        select(tokens.c.user_id, tokens.c.last_used).where(
            tokens.c.sha256 == digest(token), tokens.c.expires_at > now
        )
    ).first()
    if row is None:
        return None
    return int(row.user_id), row.last_used is None or now - row.last_used > USE_NOTED_EVERY


def note_use(connection: Connection, token: str, now: datetime) -> None:
    """Keep when the token was last used."""
    connection.execute(update(tokens).where(tokens.c.sha256 == digest(token)).values(last_used=now))


def revoke_token(connection: Connection, token: str) -> None:
    """End a token; nothing happens when it has ended already."""
    connection.execute(delete(tokens).where(tokens.c.sha256 == digest(token)))

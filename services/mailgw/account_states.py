"""How accounts fare: last success, last error and counts, all SQL about it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.mailgw.tables import account_states

_NEW = {"last_error": "", "passed": 0, "failures": 0}


def succeeded(connection: Connection, account_id: str, passed: int, at: datetime) -> None:
    """The account's server was reached, and so many mails were stored from it or sent by it."""
    t = account_states
    _write(connection, account_id, {"last_success_at": at, "passed": t.c.passed + passed})


def failed(connection: Connection, account_id: str, why: str, at: datetime) -> None:
    """The account's server turned us away, or left something undone; `why` says so in words."""
    t = account_states
    row = {"last_error_at": at, "last_error": why, "failures": t.c.failures + 1}
    _write(connection, account_id, row)


def last_successes(connection: Connection) -> dict[str, datetime]:
    """When each account last succeeded, by its id; those that never did are left out."""
    t = account_states
    question = select(t.c.account_id, t.c.last_success_at).where(t.c.last_success_at.is_not(None))
    return {account_id: at for account_id, at in connection.execute(question)}


def of_all(connection: Connection) -> dict[str, dict[str, Any]]:
    """How each account fares, by its id: moments as ISO 8601 texts, None where there is none."""
    columns = [c for c in account_states.c if c.name != "account_id"]
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(select(account_states.c.account_id, *columns)).mappings():
        told = {c.name: row[c.name] for c in columns}
        for name in ("last_success_at", "last_error_at"):
            told[name] = told[name].isoformat() if told[name] else None
        found[row["account_id"]] = told
    return found


def _write(connection: Connection, account_id: str, row: dict[str, Any]) -> None:
    t = account_states
    change = update(t).where(t.c.account_id == account_id).values(row)
    if connection.execute(change).rowcount:
        return
    with suppress(IntegrityError), connection.begin_nested():  # another process may be quicker
        connection.execute(insert(t).values(account_id=account_id, **_NEW))
    connection.execute(change)

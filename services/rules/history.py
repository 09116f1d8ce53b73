"""All SQL about who changed which rule or calendar."""

from __future__ import annotations

import json

from sqlalchemy import Connection, RowMapping, select

from services.contracts.cases import Change
from services.contracts.directory import DirectoryChange
from services.messaging.transaction import Transaction
from services.rules import tables

MOST = 1000  # the newest entries of one rule; nobody reads more at once


def add(transaction: Transaction, entry: DirectoryChange) -> None:
    """Write an entry at the end of the transaction."""
    changes = [change.model_dump(mode="json") for change in entry.changes]
    row = {**dict(entry), "changes": json.dumps(changes, ensure_ascii=False)}
    transaction.append(tables.history, row)


def entries(connection: Connection, what: str, key: str) -> list[DirectoryChange]:
    """What was changed of this rule or calendar, the newest first."""
    t = tables.history
    question = select(t).where(t.c.what == what, t.c.key == key)
    question = question.order_by(t.c.version.desc()).limit(MOST)
    return [_entry(row) for row in connection.execute(question).mappings()]


def user_name(connection: Connection, id: int | None) -> str:
    """The name of a user as last heard; empty for one not heard of."""
    t = tables.directory
    question = select(t.c.name).where(t.c.kind == "user", t.c.id == id)
    return (connection.scalar(question) or "") if id is not None else ""


def _entry(row: RowMapping) -> DirectoryChange:
    changes = tuple(Change.model_validate(change) for change in json.loads(row["changes"]))
    return DirectoryChange(**{**row, "changes": changes})

"""A change of a rule or a calendar is written down, in the transaction that makes it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from services.contracts.directory import DirectoryChange
from services.contracts.envelope import SYSTEM
from services.contracts.rules import Rule, WorkingCalendar
from services.messaging.transaction import Transaction
from services.rules import history
from services.rules.model.difference import changes_between
from services.runtime.clock import now


@dataclass(frozen=True)
class Author:
    """Who changed it: a user, or by name alone what is none."""

    id: int | None
    name: str


RULE_FILE = Author(None, "rule file")
SERVICE = Author(None, SYSTEM.name)


def user(connection: Connection, id: int | None) -> Author:
    """The user who asks, with his name as last heard."""
    return Author(id, history.user_name(connection, id))


def record_change(
    transaction: Transaction,
    before: Rule | WorkingCalendar | None,
    after: Rule | WorkingCalendar | None,
    by: Author,
) -> None:
    """Write what differs; `before` is None for a new one, `after` for one deleted.

    The versions of the two must differ: there is one entry for each version.
    """
    there = after or before
    if there is None:
        return
    entry = DirectoryChange(
        what="rule" if isinstance(there, Rule) else "calendar",
        key=str(there.id),
        version=there.version if after else there.version + 1,
        at=now(),
        actor_id=by.id,
        actor_name=by.name,
        changes=changes_between(before, after),
    )
    history.add(transaction, entry)

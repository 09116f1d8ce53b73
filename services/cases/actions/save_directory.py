"""Users, sections and partners are added and changed (K4, K6, K8)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from services.cases import directory
from services.cases.actions.check_entry import check_entry
from services.cases.actions.command_origin import command_origin
from services.cases.actions.held_version import check_held_version
from services.cases.actions.record_change import record_change
from services.cases.actions.refresh_cases import refresh_cases
from services.cases.directory import TABLES, Entry
from services.contracts.directory import (
    Partner,
    PartnerChanged,
    SaveUser,
    Section,
    SectionChanged,
    User,
    UserChanged,
)
from services.contracts.envelope import Actor, Envelope
from services.contracts.errors import InvalidRequest
from services.contracts.reading import read
from services.messaging.transaction import Transaction
from services.runtime.clock import now
from services.runtime.identity import new_id

EVENTS: dict[type[Any], type[Envelope]] = {
    User: UserChanged,
    Section: SectionChanged,
    Partner: PartnerChanged,
}
GIVEN_BY_US = frozenset({"id", "version", "category_path_ids"})


def save_entry(transaction: Transaction, model: type[Entry], command: SaveUser) -> Entry:
    """The entry as it stands after the command; whoever keeps a copy is told of a difference.

    Raises NotFound, StaleVersion, and InvalidRequest for what cannot be or names nothing.
    """
    by = command_origin(transaction.connection, command).actor
    return save_entry_by(transaction, model, command, by)


def save_entry_by(
    transaction: Transaction, model: type[Entry], command: SaveUser, by: Actor
) -> Entry:
    """The same by somebody who is no user; the command's actor does not count."""
    connection = transaction.connection
    before = _before(connection, model, command)
    entry = _merged(model, before, command.fields)
    check_entry(connection, entry)
    if before is not None and _told(entry) == _told(before):
        return before
    saved = directory.save(connection, entry) if before else directory.add(connection, entry)
    record_change(
        transaction,
        TABLES[model][0],
        saved.id,
        saved.version,
        by=by,
        before=_told(before) if before else None,
        after=_told(saved),
    )
    if before is not None:
        refresh_cases(transaction, before, saved, by)
    event = EVENTS[model]
    transaction.publish(
        event(id=new_id(), type=event.TYPE, occurred_at=now(), actor=by, data=saved)
    )
    return saved


def _told(entry: Entry) -> dict[str, Any]:
    """What somebody gave, and the history tells: contacts without the ids that rows have."""
    told = entry.model_dump(mode="json", exclude=set(GIVEN_BY_US))
    for contact in told.get("contacts", ()):
        del contact["id"]
        contact["address"] = contact["address"].lower()  # as it is kept
    return told


def _before(connection: Connection, model: type[Entry], command: SaveUser) -> Entry | None:
    if command.id is None:
        return None
    before = directory.hold(connection, model, command.id)
    check_held_version(TABLES[model][0], command.version, before.version)
    return before


def _merged(model: type[Entry], before: Entry | None, fields: dict[str, Any]) -> Entry:
    unknown = [name for name in fields if name not in model.model_fields or name in GIVEN_BY_US]
    if unknown:
        raise InvalidRequest(unknown[0], f"a {TABLES[model][0]} has no such field to set")
    values = before.model_dump() if before else {"id": 0}
    return read(model, {**values, **fields})

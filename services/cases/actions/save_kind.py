"""Kinds of case are data: an operator adds one, with fields of its own, without code (K5, K9)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from services.cases import directory, directory_history, tables
from services.cases.actions.command_origin import command_origin
from services.cases.actions.record_change import record_change
from services.cases.model.kinds import DEFAULT_KIND, check_fields
from services.contracts.directory import Kind, KindChanged, SaveKind
from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.messaging.transaction import Transaction
from services.runtime.clock import now
from services.runtime.identity import new_id


def save_kind(transaction: Transaction, command: SaveKind) -> Kind:
    """The kind of case, added or changed; whoever keeps a copy is told of a difference.

    Raises InvalidRequest, NotFound (a version was given, and there is no such kind),
    StaleVersion.
    """
    connection = transaction.connection
    by = command_origin(connection, command).actor
    before = _before(connection, command)
    kind = _asked(connection, before, command)
    if before is not None and _told(before) == _told(kind):
        return before
    _write(connection, before, kind)
    given = _told(before) if before else None
    record_change(
        transaction, "kind", kind.code, kind.version, by=by, before=given, after=_told(kind)
    )
    transaction.publish(KindChanged(id=new_id(), occurred_at=now(), actor=by, data=kind))
    return kind


def _before(connection: Connection, command: SaveKind) -> Kind | None:
    t = tables.kinds
    connection.execute(select(t.c.code).where(t.c.code == command.code).with_for_update())
    directory.forget(connection)
    before = directory.kind_called(connection, command.code)
    if command.version is None:
        return before
    if before is None:
        if command.version != 0:
            raise NotFound("kind", command.code)
    elif command.version == 0:
        raise InvalidRequest("code", f"there is a kind {before.name!r} with it; choose another")
    elif command.version != before.version:
        raise StaleVersion("kind", command.version, before.version)
    return before


def _asked(connection: Connection, before: Kind | None, command: SaveKind) -> Kind:
    name = command.name.strip()
    if not name:
        raise InvalidRequest("name", "must not be empty")
    if command.code == DEFAULT_KIND and not command.active:
        raise InvalidRequest(
            "active", f"{DEFAULT_KIND} is what a case is when nobody says; it has to stay"
        )
    fields = command.fields
    if fields is None:
        fields = before.fields if before else ()
    else:
        check_fields(fields, _types_so_far(connection, before))
    return Kind(
        code=command.code,
        name=name,
        dated=command.dated,
        fields=fields,
        active=command.active,
        version=before.version + 1 if before else 1,
    )


def _types_so_far(connection: Connection, before: Kind | None) -> dict[str, str]:
    """The type of each field that the kind has or had once, by code."""
    if before is None:
        return {}
    types = {field.code: str(field.type) for field in before.fields}
    for entry in directory_history.changes_of(connection, "kind", before.code):
        for change in entry.changes:
            if change.field == "fields":
                types |= {field["code"]: field["type"] for field in change.before or ()}
    return types


def _told(kind: Kind) -> dict[str, Any]:
    """What the history tells of a kind, which is what somebody gave."""
    return kind.model_dump(mode="json", exclude={"code", "version"})


def _write(connection: Connection, before: Kind | None, kind: Kind) -> None:
    t, values = tables.kinds, kind.model_dump(mode="json")
    directory.forget(connection)
    if before is None:
        connection.execute(insert(t).values(**values))
    else:
        connection.execute(update(t).where(t.c.code == kind.code).values(**values))

"""Corrective and preventive actions on a case are planned, changed and done (K7)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import Connection

from services.cases import directory, quality_actions, store
from services.cases.actions import ledger
from services.cases.actions.command_origin import command_origin
from services.cases.actions.held_version import check_held_version
from services.cases.actions.merged import refuse_merged
from services.contracts.case_commands import (
    FIRST_YEAR,
    LAST_YEAR,
    QualityAction,
    SaveQualityAction,
)
from services.contracts.cases import Change
from services.contracts.directory import User
from services.contracts.envelope import Part
from services.contracts.errors import InvalidRequest
from services.contracts.reading import read
from services.messaging.transaction import Transaction

Actions = tuple[QualityAction, ...]


class _Given(Part):
    type: Literal["corrective", "preventive"] = "corrective"
    text: str = Field(default="", max_length=5_000)
    owner_id: int | None = None
    due: date | None = None
    done: bool = False


def save_quality_action(transaction: Transaction, command: SaveQualityAction) -> QualityAction:
    """The action as it stands after the command; the case's history tells of a difference.

    Raises NotFound, StaleVersion, and InvalidRequest for what cannot be.
    """
    connection = transaction.connection
    case = store.get(connection, command.number)
    refuse_merged(case)
    origin = command_origin(connection, command)
    there = quality_actions.actions_of(connection, case.number)
    before = _before(there, command)
    action = _merged(connection, before, command.fields, origin.at)
    if action == before:
        return action
    if before is None:
        action = quality_actions.add_action(connection, case.number, action)
        after = (*there, action)
    else:
        action = action.model_copy(update={"version": before.version + 1})
        quality_actions.save_action(connection, action)
        after = tuple(action if one.id == action.id else one for one in there)
    told = Change(field="quality_actions", before=readable(there), after=readable(after))
    ledger.change(transaction, origin, case, {}, more=(told,))
    return action


def _before(there: Actions, command: SaveQualityAction) -> QualityAction | None:
    if command.id is None:
        return None
    before = quality_actions.action_in(there, command.id)
    check_held_version("quality action", command.version, before.version)
    return before


def _merged(
    connection: Connection,
    before: QualityAction | None,
    fields: dict[str, Any],
    at: datetime,
) -> QualityAction:
    unknown = [name for name in fields if name not in _Given.model_fields]
    if unknown:
        raise InvalidRequest(unknown[0], f"give {', '.join(_Given.model_fields)} only")
    given = read(_Given, fields)
    values = {name: getattr(given, name) for name in fields if name != "done"}
    if "owner_id" in fields and (before is None or before.owner_id != given.owner_id):
        values["owner_name"] = _owner_name(connection, given.owner_id)
    if "done" in fields:
        done_at = before.done_at if before else None
        values["done_at"] = (done_at or at) if given.done else None
    if "text" in fields or before is None:
        values["text"] = _text(given.text)
    if given.due and not FIRST_YEAR <= given.due.year <= LAST_YEAR:
        raise InvalidRequest("due", f"give a day from the year {FIRST_YEAR} to {LAST_YEAR}")
    return (before or QualityAction(id=0, text="new")).model_copy(update=values)


def _text(given: str) -> str:
    if not given.strip():
        raise InvalidRequest("text", "say what is to be done")
    return given.strip()


def _owner_name(connection: Connection, id: int | None) -> str:
    """The name of an owner newly given; one who has left since stays on what is his."""
    if id is None:
        return ""
    owner = directory.find(connection, User, id)
    if owner is None or not owner.active:
        raise InvalidRequest("owner_id", f"there is no active user with the number {id}")
    return owner.name


def readable(actions: Actions) -> list[dict[str, Any]]:
    """All actions of the case as its history tells them, so that it replays to what there is.

    An owner by his number: his name may change without anybody touching the case.
    """
    return [
        {
            "id": one.id,
            "type": one.type,
            "text": one.text,
            "owner_id": one.owner_id,
            "due": one.due.isoformat() if one.due else None,
            "done_at": one.done_at.isoformat() if one.done_at else None,
        }
        for one in actions
    ]

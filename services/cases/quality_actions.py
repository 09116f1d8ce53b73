"""All SQL about corrective and preventive actions."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, insert, or_, select, update

from services.cases import directory
from services.cases.sight import seen_by
from services.cases.tables import cases, quality_actions
from services.contracts.case_commands import DueAction, QualityAction
from services.contracts.directory import User
from services.contracts.errors import InvalidRequest, NotFound

MOST_LISTED = 200
NO_DAY = "none"
BIGGEST_ID = 2**31 - 1
_OF_CASE = (
    select(quality_actions)
    .where(quality_actions.c.case_number == bindparam("its_number"))
    .order_by(quality_actions.c.id)
)


def actions_of(connection: Connection, number: int) -> tuple[QualityAction, ...]:
    """The actions on a case, the oldest first."""
    rows = connection.execute(_OF_CASE, {"its_number": number}).mappings()
    return tuple(QualityAction.model_validate(_named(connection, dict(row))) for row in rows)


def add_action(connection: Connection, number: int, action: QualityAction) -> QualityAction:
    """Insert an action and answer it with its id."""
    values = action.model_dump(exclude={"id", "owner_name"})
    result = connection.execute(insert(quality_actions).values(case_number=number, **values))
    assert result.inserted_primary_key is not None
    return action.model_copy(update={"id": result.inserted_primary_key[0]})


def save_action(connection: Connection, action: QualityAction) -> None:
    """Write an action."""
    t = quality_actions
    values = action.model_dump(exclude={"id", "owner_name"})
    connection.execute(update(t).where(t.c.id == action.id).values(**values))


def list_actions(
    connection: Connection,
    owner_id: int | None,
    done: bool,
    cursor: str | None,
    limit: int,
    *,
    asker_id: int | None = None,
) -> dict[str, Any]:
    """A page of the actions of all cases, those due first before others, those of no day last.

    `done` lists those done, else those still to do. Raises InvalidRequest for a wrong cursor.
    """
    t = quality_actions
    conditions: list[ColumnElement[bool]] = [
        t.c.done_at.is_not(None) if done else t.c.done_at.is_(None)
    ]
    seen = seen_by(connection, asker_id)
    if seen is not None:
        conditions.append(seen)
    if owner_id is not None:
        conditions.append(t.c.owner_id == owner_id)
    if cursor is not None:
        conditions.append(_behind(cursor))
    subject = cases.c.snapshot["subject"].as_string().label("case_subject")
    wanted = min(max(limit, 1), MOST_LISTED)
    question = (
        select(t, subject)
        .join(cases, cases.c.number == t.c.case_number)
        .where(*conditions)
        .order_by(t.c.due.asc().nulls_last(), t.c.id)
        .limit(wanted + 1)
    )
    rows = [_named(connection, dict(row)) for row in connection.execute(question).mappings()]
    items = [DueAction.model_validate(row) for row in rows[:wanted]]
    more = len(rows) > wanted
    return {
        "items": [item.model_dump(mode="json") for item in items],
        "next": f"{items[-1].due or NO_DAY}.{items[-1].id}" if more else None,
    }


def _behind(cursor: str) -> ColumnElement[bool]:
    t = quality_actions
    day, _, id = cursor.partition(".")
    try:
        due = None if day == NO_DAY else date.fromisoformat(day)
        last = int(id)
        if not 0 < last <= BIGGEST_ID:
            raise ValueError(f"{id} is no id")
    except ValueError as error:
        raise InvalidRequest("cursor", "give the `next` of the page before") from error
    if due is None:
        return and_(t.c.due.is_(None), t.c.id > last)
    return or_(t.c.due > due, and_(t.c.due == due, t.c.id > last), t.c.due.is_(None))


def _named(connection: Connection, row: dict[str, Any]) -> dict[str, Any]:
    owner = directory.find(connection, User, row["owner_id"])
    return {**row, "owner_name": owner.name if owner else ""}


def action_in(actions: tuple[QualityAction, ...], id: int) -> QualityAction:
    """The one with this id. Raises NotFound."""
    found = next((one for one in actions if one.id == id), None)
    if found is None:
        raise NotFound("quality action", id)
    return found

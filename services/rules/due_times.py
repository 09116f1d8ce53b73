"""All SQL about the due times of timed rules."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, update

from services.contracts.envelope import Link
from services.rules import tables
from services.rules.model.arming import Key
from services.rules.model.waiting import Due
from services.runtime.upsert import upsert

MOST_NAMED = 1000  # rules in one question; beyond, all that a case has fired is read instead


@dataclass(frozen=True)
class DueRow:
    """A due time as it is kept; `cause` is the chain that made it due at once, else empty."""

    due: Due
    cause: tuple[Link, ...] = ()


def of_rule(connection: Connection, rule_id: int) -> dict[Key, Due]:
    """The due times of this rule."""
    return _where(connection, tables.due_times.c.rule_id == rule_id)


def of_cases(connection: Connection, numbers: Sequence[int]) -> dict[Key, Due]:
    """What these cases wait for."""
    return _where(connection, tables.due_times.c.case_number.in_(numbers))


def settled(connection: Connection, keys: Sequence[Key]) -> set[tuple[int, int, str]]:
    """The episodes in which these rules have fired for these cases, or shall not fire."""
    if not keys:
        return set()
    t = tables.firings
    rules, numbers = {rule for rule, _ in keys}, {number for _, number in keys}
    question = select(t.c.rule_id, t.c.case_number, t.c.episode)
    question = question.where(t.c.case_number.in_(numbers))
    if len(rules) <= MOST_NAMED:
        question = question.where(t.c.rule_id.in_(rules))
    return {(row[0], row[1], row[2]) for row in connection.execute(question)}


def wait_for(connection: Connection, rows: Sequence[DueRow]) -> None:
    """Write due times over those there are."""
    if not rows:
        return
    statement = upsert(connection, tables.due_times)
    statement = statement.on_conflict_do_update(
        index_elements=["rule_id", "case_number"],
        set_={name: statement.excluded[name] for name in ("episode", "due_at", "cause")},
    )
    connection.execute(statement, [_due_row(row) for row in rows])


def forget(connection: Connection, keys: Sequence[Key]) -> None:
    """Take away the due times of these rules and cases."""
    t = tables.due_times
    if keys:
        statement = delete(t).where(
            t.c.rule_id == bindparam("rule"), t.c.case_number == bindparam("number")
        )
        connection.execute(statement, [{"rule": rule, "number": number} for rule, number in keys])


def forget_episodes(connection: Connection, dues: Sequence[Due]) -> None:
    """Take away these due times, but not those of another episode that took their place."""
    t = tables.due_times
    if dues:
        statement = delete(t).where(*_this_episode())
        connection.execute(statement, [_episode_values(due) for due in dues])


def postpone(connection: Connection, until: Mapping[Due, datetime]) -> None:
    """Have each of these looked at again at its moment."""
    if until:
        statement = update(tables.due_times).where(*_this_episode())
        statement = statement.values(due_at=bindparam("until"))
        rows = [{**_episode_values(due), "until": moment} for due, moment in until.items()]
        connection.execute(statement, rows)


def forget_rule(connection: Connection, rule_id: int) -> None:
    """Take away all due times of a rule."""
    connection.execute(delete(tables.due_times).where(tables.due_times.c.rule_id == rule_id))


def due_by(connection: Connection, moment: datetime, limit: int) -> list[DueRow]:
    """What is due at this moment, the longest overdue first."""
    t = tables.due_times
    question = select(t).where(t.c.due_at <= moment).order_by(t.c.due_at).limit(limit)
    return [
        DueRow(
            Due(row.rule_id, row.case_number, row.episode, row.due_at),
            tuple(Link.model_validate(link) for link in json.loads(row.cause)),
        )
        for row in connection.execute(question)
    ]


def overdue(connection: Connection, moment: datetime) -> tuple[int, datetime | None]:
    """How many due times have passed, and the oldest of them."""
    t = tables.due_times
    question = select(func.count(), func.min(t.c.due_at)).where(t.c.due_at <= moment)
    count, oldest = connection.execute(question).one()
    return int(count), oldest


def _where(connection: Connection, condition: ColumnElement[bool]) -> dict[Key, Due]:
    t = tables.due_times
    question = select(t.c.rule_id, t.c.case_number, t.c.episode, t.c.due_at).where(condition)
    return {(row[0], row[1]): Due(*row) for row in connection.execute(question)}


def _due_row(row: DueRow) -> dict[str, Any]:
    return {**vars(row.due), "cause": json.dumps([link.model_dump() for link in row.cause])}


def _this_episode() -> tuple[Any, ...]:
    t = tables.due_times
    return (
        t.c.rule_id == bindparam("of_rule"),
        t.c.case_number == bindparam("of_case"),
        t.c.episode == bindparam("of_episode"),
    )


def _episode_values(due: Due) -> dict[str, Any]:
    return {"of_rule": due.rule_id, "of_case": due.case_number, "of_episode": due.episode}

"""All SQL about past events, which rules are rehearsed with."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, tuple_

from services.contracts.cases import CaseEvent, State
from services.rules import tables
from services.rules.model.past import PastEvent
from services.runtime.upsert import upsert


@dataclass(frozen=True)
class PastRow:
    """An event as it is kept; `body` is a PastEvent as JSON, not read yet."""

    case_number: int
    version: int
    at: datetime
    body: str


@dataclass(frozen=True)
class StoodRow:
    """A case as last heard of; `snapshot` is JSON, not read yet."""

    case_number: int
    came_from: Any
    snapshot: str


def keep(connection: Connection, events: Sequence[tuple[CaseEvent, PastEvent]]) -> None:
    """Keep these events, unless they are kept already."""
    if events:
        rows = [
            {
                "case_number": event.case_id,
                "version": event.version,
                "at": event.occurred_at,
                "body": past.model_dump_json(exclude_defaults=True),
            }
            for event, past in events
        ]
        connection.execute(upsert(connection, tables.past_events).on_conflict_do_nothing(), rows)


def oldest(connection: Connection) -> datetime | None:
    """The moment of the oldest event that is kept."""
    moment: datetime | None = connection.scalar(select(func.min(tables.past_events.c.at)))
    return moment


def cases_between(connection: Connection, since: datetime, until: datetime) -> array[int]:
    """The numbers of the cases with an event behind `since`, up to `until`; by number."""
    t = tables.past_events
    question = select(t.c.case_number).where(t.c.at > since, t.c.at <= until).distinct()
    return array("q", connection.scalars(question.order_by(t.c.case_number)))


def events_of(
    connection: Connection, numbers: Sequence[int], since: datetime | None, until: datetime
) -> list[PastRow]:
    """The events of these cases up to `until`, case by case; all, or those behind `since`."""
    t = tables.past_events
    question = select(t.c.case_number, t.c.version, t.c.at, t.c.body)
    question = question.where(t.c.case_number.in_(numbers), t.c.at <= until)
    if since is not None:
        question = question.where(t.c.at > since)
    question = question.order_by(t.c.case_number, t.c.version)
    return [PastRow(*row) for row in connection.execute(question)]


def cases_as_they_stand(
    connection: Connection, states: Sequence[State], after: int, limit: int
) -> list[StoodRow]:
    """The known cases in these states behind a number, by number; nothing is locked."""
    t = tables.known_cases
    question = select(t.c.case_number, t.c.came_from, t.c.snapshot)
    question = question.where(t.c.state.in_(states), t.c.case_number > after)
    question = question.order_by(t.c.case_number).limit(limit)
    return [StoodRow(*row) for row in connection.execute(question)]


def forget_before(connection: Connection, moment: datetime, limit: int) -> int:
    """Forget at most `limit` of the events before this moment; how many it were."""
    t = tables.past_events
    old = select(t.c.case_number, t.c.version).where(t.c.at < moment).order_by(t.c.at).limit(limit)
    done = connection.execute(delete(t).where(tuple_(t.c.case_number, t.c.version).in_(old)))
    return int(done.rowcount)

"""All SQL about working calendars."""

from __future__ import annotations

import json

import structlog
from pydantic import ValidationError
from sqlalchemy import Connection, RowMapping, insert, select, update

from services.contracts.rules import WorkingCalendar
from services.rules.model.working_time import WorkingTimes, working_time
from services.rules.queries import LARGEST_ID
from services.rules.tables import calendars

NOT_IN_BODY = {"id", "version", "name"}
log = structlog.get_logger()


def find_calendar(connection: Connection, id: int) -> WorkingCalendar | None:
    """The calendar with this id, or None."""
    if not 0 < id <= LARGEST_ID:
        return None
    row = connection.execute(select(calendars).where(calendars.c.id == id)).mappings().first()
    return _read(row) if row else None


def calendar_called(connection: Connection, name: str) -> WorkingCalendar | None:
    """The calendar with this name, or None."""
    question = select(calendars).where(calendars.c.name == name)
    row = connection.execute(question).mappings().first()
    return _read(row) if row else None


def all_calendars(connection: Connection) -> list[WorkingCalendar]:
    """Every calendar that this release can read, by name."""
    found: list[WorkingCalendar] = []
    for row in connection.execute(select(calendars).order_by(calendars.c.name)).mappings():
        try:
            found.append(_read(row))
        except ValidationError as error:
            log.error("working calendar cannot be read", calendar=row["name"], error=str(error))
    return found


def working_times(connection: Connection) -> WorkingTimes:
    """All calendars to count with, by id."""
    return {calendar.id: working_time(calendar) for calendar in all_calendars(connection)}


def add_calendar(connection: Connection, calendar: WorkingCalendar) -> WorkingCalendar:
    """Insert a calendar and answer it with its id."""
    values = {"version": 1, "name": calendar.name, "body": _body(calendar)}
    result = connection.execute(insert(calendars).values(**values).returning(calendars.c.id))
    return calendar.model_copy(update={"id": int(result.scalar_one()), "version": 1})


def write_calendar(connection: Connection, calendar: WorkingCalendar) -> WorkingCalendar:
    """Write a calendar with a version one higher, and answer it."""
    saved = calendar.model_copy(update={"version": calendar.version + 1})
    values = {"version": saved.version, "name": saved.name, "body": _body(saved)}
    connection.execute(update(calendars).where(calendars.c.id == saved.id).values(**values))
    return saved


def _read(row: RowMapping) -> WorkingCalendar:
    kept = {"id": row["id"], "version": row["version"], "name": row["name"]}
    return WorkingCalendar.model_validate({**json.loads(row["body"]), **kept})


def _body(calendar: WorkingCalendar) -> str:
    return calendar.model_dump_json(exclude=NOT_IN_BODY)

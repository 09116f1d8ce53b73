"""A meeting is dragged, stretched or taken out of a calendar (C3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.cases.actions import ledger
from services.cases.actions.assignment import tell_new_responsible
from services.cases.actions.calendar_values import calendar_values
from services.cases.actions.change_case import current_case
from services.cases.actions.command_origin import command_origin
from services.cases.actions.ledger import Origin
from services.cases.actions.link_cases import link
from services.cases.actions.send_invitation import invite
from services.cases.actions.split_case import TAKEN_OVER
from services.cases.model.attendance import not_invited_yet
from services.cases.model.meetings_of import is_of_series
from services.cases.model.recurrence import BadRecurrence, begun_at, ended_before, put_off
from services.cases.store import description_of
from services.contracts.calendar import MoveEvent
from services.contracts.cases import CaseSnapshot, Occurrence
from services.contracts.errors import InvalidRequest
from services.messaging.transaction import Transaction

MOST_MOVED = 500


def move_event(transaction: Transaction, command: MoveEvent) -> CaseSnapshot:
    """The case; of "following" the new one. Raises NotFound, StaleVersion, InvalidRequest."""
    case = current_case(transaction, command.number, command.version)
    if case.start is None:
        raise InvalidRequest("number", f"case {case.number} has no start; give it one first")
    origin = command_origin(transaction.connection, command)
    original = command.original or case.start
    if not case.recurrence:
        return ledger.change(transaction, origin, case, _of_one(case, command))
    if not is_of_series(case, original):
        raise InvalidRequest("original", "the series has no meeting then; read the calendar again")
    if command.scope == "this":
        return ledger.change(transaction, origin, case, _of_this(case, command, original))
    if command.scope == "following" and original > case.start:
        return _following(transaction, origin, case, command, original)
    return ledger.change(transaction, origin, case, _of_all(case, command, original))


def _of_one(case: CaseSnapshot, command: MoveEvent) -> dict[str, Any]:
    if command.cancelled:
        return {"state": "cancelled"}
    return calendar_values(_given(command), case)


def _of_this(case: CaseSnapshot, command: MoveEvent, original: datetime) -> dict[str, Any]:
    """The series with one of its meetings elsewhere, or nowhere."""
    if command.all_day is not None and command.all_day != case.all_day:
        raise InvalidRequest("all_day", "one meeting of a series is of whole days if all are")
    held = {one.original: one for one in case.occurrences}
    before = held.get(original)
    minutes = case.duration_minutes if before is None else before.duration_minutes
    held[original] = Occurrence(
        original=original,
        start=command.start or (before.start if before else original),
        duration_minutes=_or(command.duration_minutes, minutes) or 0,
        cancelled=command.cancelled,
    )
    if len(held) > MOST_MOVED:
        told = f"{MOST_MOVED} meetings of the series were moved already; begin a new one"
        raise InvalidRequest("original", told)
    return {"occurrences": tuple(held[one] for one in sorted(held))}


def _of_all(case: CaseSnapshot, command: MoveEvent, original: datetime) -> dict[str, Any]:
    """The whole series, moved by as much on its clock as the one that was dragged."""
    if command.cancelled:
        return {"state": "cancelled"}
    assert case.start is not None
    zone = ZoneInfo(case.time_zone or "UTC")
    clock = _clock(command.start or original, zone) - _clock(original, zone)
    first = _clock(case.start, zone) + clock
    days = (first.date() - _clock(case.start, zone).date()).days
    try:
        recurrence = put_off(case.recurrence, clock, days)
    except BadRecurrence as error:
        raise InvalidRequest("start", str(error)) from error
    given = {**_given(command), "start": _moment(first, zone), "recurrence": recurrence}
    values = calendar_values(given, case)
    return {**values, "occurrences": tuple(_put_off(one, clock, zone) for one in case.occurrences)}


def _following(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    command: MoveEvent,
    original: datetime,
) -> CaseSnapshot:
    """The series ends before this meeting; from it on a new case goes on, moved as asked."""
    assert case.start is not None
    series = (case.recurrence, case.start, case.time_zone)
    ends = {
        "recurrence": ended_before(*series, original),
        "occurrences": tuple(one for one in case.occurrences if one.original < original),
    }
    before = ledger.change(transaction, origin, case, ends)
    if command.cancelled:
        return before
    rest = case.model_copy(
        update={
            "start": original,
            "recurrence": begun_at(*series, original),
            "occurrences": tuple(one for one in case.occurrences if one.original >= original),
        }
    )
    values = {**_time_of(rest), **_of_all(rest, command, original)}
    origin = replace(origin, reason=f"from here on apart from the series of case [{case.number}]")
    new = CaseSnapshot(
        number=0,
        version=0,
        subject=case.subject,
        state=case.state,
        created_at=origin.at,
        last_action_at=origin.at,
        state_since=origin.at,
        closed_at=origin.at if case.closed_at else None,
        watchers=case.watchers,
        tags=case.tags,
        **{**{name: getattr(case, name) for name in TAKEN_OVER}, **values},
    )
    description = description_of(transaction.connection, case.number)
    new = ledger.create(transaction, origin, new, description)
    new = link(transaction, origin, new, "follows", before)
    tell_new_responsible(transaction, origin, None, new)
    guests = not_invited_yet(new) if case.attendees else ()
    had = {one.address.lower() for one in case.attendees}
    asked = tuple(one for one in guests if one.address.lower() in had)
    return invite(transaction, origin, new, asked) if asked else new


def _given(command: MoveEvent) -> dict[str, Any]:
    names = ("start", "duration_minutes", "all_day")
    return {name: getattr(command, name) for name in names if name in command.model_fields_set}


def _time_of(case: CaseSnapshot) -> dict[str, Any]:
    names = ("start", "duration_minutes", "all_day", "recurrence", "time_zone", "occurrences")
    return {name: getattr(case, name) for name in names}


def _put_off(one: Occurrence, clock: timedelta, zone: ZoneInfo) -> Occurrence:
    moved = {
        name: _moment(_clock(getattr(one, name), zone) + clock, zone)
        for name in ("original", "start")
    }
    return one.model_copy(update=moved)


def _clock(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _moment(clock_time: datetime, zone: ZoneInfo) -> datetime:
    return clock_time.replace(tzinfo=zone).astimezone(ZoneInfo("UTC"))


def _or(given: int | None, otherwise: int | None) -> int | None:
    return otherwise if given is None else given

"""A working calendar is added or changed, and rules that count on it wait anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import Connection

from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.contracts.reading import read
from services.contracts.rules import SaveCalendar, WorkingCalendar
from services.messaging.answers import answer_to, keep_answer
from services.messaging.transaction import Transaction, Transactions
from services.rules import calendars, queries, store
from services.rules.actions.arm_rule import arm_rule
from services.rules.actions.record_change import record_change, user
from services.rules.actions.switch_off import switch_off
from services.rules.model.calendar_saving import changed_calendar
from services.rules.model.references import names_it
from services.rules.tables import answers

log = structlog.get_logger()


def save_calendar(transactions: Transactions, command: Mapping[str, Any]) -> dict[str, Any]:
    """Carry out the contract's SaveCalendar and answer the calendar.

    The same key again gets the same answer; one that is saved as it was keeps its version.
    Raises InvalidRequest, NotFound, StaleVersion.
    """
    asked = read(SaveCalendar, command)
    with transactions.begin() as transaction:
        connection = transaction.connection
        store.move_revision(connection)
        answered = answer_to(connection, answers, asked.idempotency_key)
        if answered is not None:
            return dict(answered)
        before = _before(connection, asked)
        calendar = changed_calendar(before, asked.fields)
        _check_name(connection, calendar)
        if calendar != before:
            write = calendars.write_calendar if before else calendars.add_calendar
            calendar = write(connection, calendar)
            record_change(transaction, before, calendar, user(connection, asked.actor_id))
            _follow(transaction, calendar)
        answer = calendar.model_dump(mode="json")
        keep_answer(connection, answers, asked.idempotency_key, answer)
    log.info("working calendar saved", calendar=calendar.name, by_user=asked.actor_id)
    return answer


def _before(connection: Connection, asked: SaveCalendar) -> WorkingCalendar | None:
    if asked.id is None:
        return None
    found = calendars.find_calendar(connection, asked.id)
    if found is None:
        raise NotFound("calendar", asked.id)
    if asked.version is None:
        raise InvalidRequest("version", "give the version that you read and changed")
    if asked.version != found.version:
        raise StaleVersion("calendar", asked.version, found.version)
    return found


def _check_name(connection: Connection, calendar: WorkingCalendar) -> None:
    other = calendars.calendar_called(connection, calendar.name)
    if other is not None and other.id != calendar.id:
        raise InvalidRequest("name", f"calendar {other.id} has this name; choose another")


def _follow(transaction: Transaction, calendar: WorkingCalendar) -> None:
    """Rules that wait by it wait for other moments; without it they are switched off."""
    connection = transaction.connection
    for rule in queries.all_rules(connection):
        if not rule.active or not names_it(rule, "calendar", calendar.id):
            continue
        if not calendar.active:
            problem = f"switched off: the calendar {calendar.name} is not active any more"
            switch_off(transaction, rule, problem)
        elif rule.trigger.calendar_id == calendar.id:
            arm_rule(transaction, rule, fire_overdue=False)

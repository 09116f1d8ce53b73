"""Ordering the mails with reports: each as its owner, each turn once."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from flask import Flask
from structlog import get_logger

from services.contracts.directory import User
from services.contracts.errors import ContractError, InvalidRequest, NotFound
from services.runtime.clock import now
from services.runtime.file_store import FileStoreError
from services.web.access.people import active_user
from services.web.pages.moments import zone_of
from services.web.report_mails import store
from services.web.report_mails.making import Turn, make_mail
from services.web.report_mails.recipients import recipients_of
from services.web.report_mails.schedule import next_moment
from services.web.report_mails.store import Problem, ReportMail
from services.web.wiring import EXTENSION, Wiring

MOST_AT_ONCE = 3  # each takes seconds, and others wait for the same thread
TRIED_AGAIN_AFTER = timedelta(minutes=1)
TURNS = UUID("5d0c8a4e-5a0b-4d6f-9a43-0d3a7b1f2c11")  # the name space of the ids of turns

log = get_logger()


class CannotBeSent(Exception):
    """It will not do, however often it is tried; `problem` is its code, `field` what is wrong."""

    def __init__(self, problem: Problem, field: str, why: str) -> None:
        super().__init__(why)
        self.problem = problem
        self.field = field


def order_due_reports(app: Flask) -> int:
    """Order the mails whose turn has come, some at once; how many were ordered.

    What a service that is away leaves undone is tried again. Several processes may do this at
    the same time: each turn is taken by one, and its order has one id whoever makes it, which
    the mail gateway takes once.
    """
    wiring = _wiring_of(app)
    with wiring.database.read() as connection:
        if not store.is_any_due(connection, now()):
            return 0
    with wiring.database.write() as connection:
        taken = store.take_due(connection, now(), MOST_AT_ONCE)
    return sum(_see_to(app, wiring, one) for one in taken)


def turn_id(one: ReportMail) -> str:
    """The id of the order of its present turn, always the same."""
    return str(uuid5(TURNS, f"{one.id} {one.next_at.isoformat()}"))


def order_now(app: Flask, one: ReportMail, command_id: str) -> None:
    """Order it out of turn, under this id.

    Raises CannotBeSent, and what else making it raises.
    """
    wiring, at = _wiring_of(app), now()
    _order(app, one, owner_of(wiring, one), command_id, at)
    with wiring.database.write() as connection:
        store.note_sent_by_hand(connection, one, at)


def owner_of(wiring: Wiring, one: ReportMail) -> User:
    """Whose it is. Raises CannotBeSent when he is no longer active."""
    owner = active_user(wiring, one.user_id)
    if owner is None:
        raise CannotBeSent("inactive", "active", "its owner is no longer active")
    return owner


def _see_to(app: Flask, wiring: Wiring, one: ReportMail) -> bool:
    at = now()
    try:
        owner = owner_of(wiring, one)
        _order(app, one, owner, turn_id(one), at)
    except CannotBeSent as error:
        log.warning("a report is mailed no longer", report=one.id, why=str(error))
        with wiring.database.write() as connection:
            store.switch_off(connection, one, error.problem)
        return False
    except (ContractError, FileStoreError) as error:
        log.warning("a report that is to be mailed waits", report=one.id, why=str(error))
        with wiring.database.write() as connection:
            store.note_waiting(connection, one, at + TRIED_AGAIN_AFTER)
        return False
    except Exception as error:  # it keeps no other from being sent
        log.error("a report could not be mailed", report=one.id, exc_info=error)
        with wiring.database.write() as connection:
            store.note_waiting(connection, one, at + store.LEASE)
        return False
    next_at = next_moment(one.schedule, zone_of(owner.time_zone), at)
    with wiring.database.write() as connection:
        store.note_sent(connection, one, at, next_at)
    return True


def _order(app: Flask, one: ReportMail, owner: User, command_id: str, at: datetime) -> None:
    try:
        to = recipients_of(owner, one.recipients)
    except InvalidRequest as error:
        problem: Problem = "recipients" if one.recipients else "no_address"
        raise CannotBeSent(problem, error.field, error.what_to_do) from error
    try:
        order = make_mail(app, Turn(one, owner, to, command_id, at))
    except InvalidRequest as error:
        raise CannotBeSent("question", error.field, error.what_to_do) from error
    except NotFound as error:
        raise CannotBeSent("question", "question", str(error)) from error
    _wiring_of(app).mailgw.order_mail(order)


def _wiring_of(app: Flask) -> Wiring:
    found = app.extensions[EXTENSION]
    assert isinstance(found, Wiring)
    return found

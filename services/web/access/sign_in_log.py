"""The record of sign-ins: each try, and each change to how somebody signs in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import Connection, Row, delete, insert, select

from services.contracts.directory import User
from services.contracts.envelope import Part
from services.runtime.clock import now
from services.web.access.visitor import Visitor, visitor
from services.web.tables import sign_in_events

KEPT_FOR = timedelta(days=180)
PAGE = 50
LONGEST_NAME = 100

# What can happen, in the order in which the page offers it.
Happened = Literal[
    "signed_in",
    "token_made",
    "wrong_password",
    "code_wanted",
    "wrong_code",
    "recovery_code",
    "locked",
    "single_sign_on",
    "single_sign_on_refused",
    "signed_out",
    "session_ended",
    "sessions_ended",
    "password_changed",
    "reset_asked",
    "password_reset",
    "two_factor_on",
    "two_factor_off",
    "two_factor_reset",
    "unlocked",
]
EVENTS: tuple[Happened, ...] = get_args(Happened)
FAILURES = frozenset({"wrong_password", "wrong_code", "locked", "single_sign_on_refused"})


class SignInEvent(Part):
    """One entry; `name` is as it was typed, `user_id` None where it is nobody's."""

    id: int
    at: datetime
    what: Happened
    name: str
    user_id: int | None
    address: str
    program: str


@dataclass(frozen=True)
class SignInQuestion:
    """Which entries are asked for; `before` is the id that the page before ended with."""

    what: str | None = None
    name: str = ""
    user_id: int | None = None
    before: int | None = None
    limit: int = PAGE


def note(
    connection: Connection,
    what: str,
    name: str,
    user_id: int | None,
    by: Visitor,
    *,
    at: datetime,
) -> None:
    """Add an entry of one of EVENTS."""
    assert what in EVENTS, what
    connection.execute(
        insert(sign_in_events).values(
            at=at,
            what=what,
            name=name.replace("\0", "").strip()[:LONGEST_NAME],
            user_id=user_id,
            address=by.address,
            program=by.program,
        )
    )


def note_of(connection: Connection, what: str, user: User) -> None:
    """Add an entry about this user, by whoever makes the present request."""
    note(connection, what, user.login, user.id, visitor(), at=now())


def entries(connection: Connection, question: SignInQuestion) -> list[SignInEvent]:
    """The entries asked for, the latest first."""
    t = sign_in_events
    asked = select(t).order_by(t.c.id.desc()).limit(question.limit)
    if question.what:
        asked = asked.where(t.c.what == question.what)
    if question.name:
        asked = asked.where(t.c.name.icontains(question.name, autoescape=True))
    if question.user_id is not None:
        asked = asked.where(t.c.user_id == question.user_id)
    if question.before is not None:
        asked = asked.where(t.c.id < question.before)
    return [_read(row) for row in connection.execute(asked)]


def forget_old(connection: Connection, at: datetime) -> None:
    """Delete what is older than 180 days."""
    connection.execute(delete(sign_in_events).where(sign_in_events.c.at < at - KEPT_FOR))


def _read(row: Row[tuple[object, ...]]) -> SignInEvent:
    return SignInEvent.model_validate(dict(row._mapping))

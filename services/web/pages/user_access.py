"""What an administrator does about how a user signs in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from services.contracts.directory import User
from services.runtime.clock import now
from services.web.access import lockout, sign_in_log, two_factor
from services.web.access.sessions import end_sessions_of, sessions_of
from services.web.wiring import Wiring, wired

blueprint = Blueprint("user_access", __name__, url_prefix="/users/<int:id>")


@dataclass(frozen=True)
class UserAccess:
    """How a user can sign in now; `blocked_until` is the latest of his blocks."""

    two_factor_on: bool
    sessions: int
    blocked_until: datetime | None


def access_of(wiring: Wiring, user: User) -> UserAccess:
    """What the page of a user shows of it."""
    moment = now()
    with wiring.database.read() as connection:
        blocks = [
            *lockout.blocks_of(
                connection, lockout.PASSWORD, lockout.name_key(user.login), moment
            ).values(),
            *lockout.blocks_of(connection, lockout.CODE, str(user.id), moment).values(),
        ]
        return UserAccess(
            two_factor_on=two_factor.is_on(connection, user.id),
            sessions=len(sessions_of(connection, user.id, moment)),
            blocked_until=max(blocks, default=None),
        )


@blueprint.post("/end-sessions")
def end_sessions(id: int) -> ResponseReturnValue:
    """End all of a user's sessions."""
    user = wired().directory.user(id)
    with wired().database.write() as connection:
        end_sessions_of(connection, user.id)
        sign_in_log.note_of(connection, "sessions_ended", user)
    return redirect(url_for("users.edit", id=id), 303)


@blueprint.post("/reset-two-factor")
def reset_two_factor(id: int) -> ResponseReturnValue:
    """Forget a user's second factor, for who has lost his telephone and the recovery codes."""
    user = wired().directory.user(id)
    with wired().database.write() as connection:
        two_factor.turn_off(connection, user.id)
        end_sessions_of(connection, user.id)
        sign_in_log.note_of(connection, "two_factor_reset", user)
    return redirect(url_for("users.edit", id=id), 303)


@blueprint.post("/unlock")
def unlock(id: int) -> ResponseReturnValue:
    """Forget the failed tries for a user."""
    user = wired().directory.user(id)
    with wired().database.write() as connection:
        lockout.unlock(connection, user.login, user.id)
        sign_in_log.note_of(connection, "unlocked", user)
    return redirect(url_for("users.edit", id=id), 303)

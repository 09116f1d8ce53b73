"""How another user can sign in, and what an administrator does about it."""

from __future__ import annotations

from datetime import datetime

from services.contracts.directory import User
from services.contracts.envelope import Part
from services.runtime.clock import now
from services.web.access import lockout, sign_in_log, two_factor
from services.web.access.sessions import end_sessions_of, sessions_of
from services.web.wiring import Wiring


class UserAccess(Part):
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


def end_all_sessions(wiring: Wiring, user: User, *, but: int | None = None) -> None:
    """Sign him out everywhere, except for the session of that id."""
    with wiring.database.write() as connection:
        end_sessions_of(connection, user.id, but=but)
        sign_in_log.note_of(connection, "sessions_ended", user)


def reset_second_factor(wiring: Wiring, user: User) -> None:
    """Forget his second factor, for who has lost his telephone and the recovery codes."""
    with wiring.database.write() as connection:
        two_factor.turn_off(connection, user.id)
        end_sessions_of(connection, user.id)
        sign_in_log.note_of(connection, "two_factor_reset", user)


def unlock(wiring: Wiring, user: User) -> None:
    """Forget the failed tries for him."""
    with wiring.database.write() as connection:
        lockout.unlock(connection, user.login, user.id)
        sign_in_log.note_of(connection, "unlocked", user)

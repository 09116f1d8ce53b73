"""How somebody changes the ways in which he signs in himself, by page and by the API alike."""

from __future__ import annotations

from services.contracts.directory import User
from services.runtime.clock import now
from services.web.access import sign_in_log, two_factor
from services.web.access.credentials import save_credential
from services.web.access.passwords import hash_password
from services.web.access.sessions import end_session, end_sessions_of
from services.web.access.trying import seal_of
from services.web.wiring import Wiring


def change_password(
    wiring: Wiring, user: User, new: str, *, keep_session: int | None = None
) -> None:
    """Keep his new password; his sessions but that one end, and all his tokens."""
    kept_hash = hash_password(new)  # it takes a while, which no transaction should last
    with wiring.database.write() as connection:
        save_credential(
            connection, user.id, user.login, kept_hash, now(), keep_session=keep_session
        )
        sign_in_log.note_of(connection, "password_changed", user)


def end_one_session(wiring: Wiring, user: User, session_id: int) -> None:
    """End one of his sessions. Raises NotFound."""
    with wiring.database.write() as connection:
        end_session(connection, user.id, session_id)
        sign_in_log.note_of(connection, "session_ended", user)


def turn_on_second_factor(
    wiring: Wiring, user: User, code: str, *, keep_session: int | None = None
) -> list[str] | None:
    """The recovery codes, where the code is right; None where it is not, or it is on already.

    His sessions but that one end: they were begun without it. Raises SealBroken.
    """
    with wiring.database.write() as connection:
        codes = two_factor.turn_on(connection, seal_of(wiring), user.id, code, now())
        if codes is not None:
            sign_in_log.note_of(connection, "two_factor_on", user)
            end_sessions_of(connection, user.id, but=keep_session)
    return codes


def turn_off_second_factor(wiring: Wiring, user: User) -> None:
    """Ask him for no code any more."""
    with wiring.database.write() as connection:
        two_factor.turn_off(connection, user.id)
        sign_in_log.note_of(connection, "two_factor_off", user)

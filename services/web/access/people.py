"""From a name and password, a session or a token to the user behind it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_login import UserMixin

from services.contracts.directory import User
from services.contracts.errors import NotFound
from services.runtime.clock import now
from services.web.access.credentials import find_credential
from services.web.access.passwords import MAXIMUM_LENGTH, password_matches
from services.web.access.sessions import Session, find_session, is_worth_noting
from services.web.access.sessions import note_use as note_session_use
from services.web.access.tokens import find_token, note_use
from services.web.wiring import Wiring


@dataclass(frozen=True)
class Proved:
    """A user who gave his password, and the version of the credential that it is."""

    user: User
    version: int


@dataclass
class SignedIn(UserMixin):  # type: ignore[misc]
    """A user with his session; `secret` is that of the session."""

    user: User
    secret: str
    session: Session | None = None

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie."""
        return self.secret


def by_password(wiring: Wiring, login: str, password: str) -> Proved | None:
    """Whose name and password these are; None, after the same time, for a wrong one."""
    try:
        user = wiring.directory.user_by_login(login)
    except NotFound:
        user = None
    credential = None
    if user is not None:
        with wiring.database.read() as connection:
            credential = find_credential(connection, user.id)
    kept_hash = credential.password_hash if credential and len(password) <= MAXIMUM_LENGTH else None
    proved = password_matches(kept_hash, password[:MAXIMUM_LENGTH])
    if not proved or user is None or credential is None or not user.active:
        return None
    return Proved(user, credential.version)


def by_session(wiring: Wiring, secret: str) -> SignedIn | None:
    """Whose session it is; None once it has ended, or he is no longer active."""
    moment = now()
    with wiring.database.read() as connection:
        session = find_session(connection, secret, moment)
    if session is None:
        return None
    if is_worth_noting(session, moment):
        with wiring.database.write(durable=False) as connection:
            note_session_use(connection, session.id, moment)
    user = active_user(wiring, session.user_id)
    return None if user is None else SignedIn(user, secret, session)


def by_token(wiring: Wiring, token: str) -> User | None:
    """Whose token it is; None when it has ended or its user is no longer active."""
    moment = now()
    with wiring.database.read() as connection:
        found = find_token(connection, token, moment)
    if found is None:
        return None
    user_id, worth_noting = found
    if worth_noting:
        with wiring.database.write() as connection:
            note_use(connection, token, moment)
    return active_user(wiring, user_id)


def active_users_at(wiring: Wiring, address: str) -> list[User]:
    """The active users who have this mail address, however it is spelt; none for an empty one."""
    wanted = address.casefold()
    users = wiring.directory.users() if wanted else []
    return [user for user in users if user.active and (user.address or "").casefold() == wanted]


def active_user(wiring: Wiring, user_id: int) -> User | None:
    """The user of this id, while he is active."""
    try:
        user = wiring.directory.user(user_id)
    except NotFound:
        return None
    return user if user.active else None

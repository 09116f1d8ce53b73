"""From a name and password, a session or a token to the user behind it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_login import UserMixin

from services.contracts.directory import User
from services.contracts.errors import NotFound
from services.runtime.clock import now
from services.web.access.credentials import find_credential
from services.web.access.passwords import MAXIMUM_LENGTH, password_matches
from services.web.access.tokens import find_token, note_use
from services.web.wiring import Wiring


@dataclass
class SignedIn(UserMixin):  # type: ignore[misc]
    """A user with the version of the credential that he proved himself with."""

    user: User
    credential_version: int

    def get_id(self) -> str:
        """What Flask-Login keeps in the session."""
        return f"{self.user.id}:{self.credential_version}"


def by_password(wiring: Wiring, login: str, password: str) -> SignedIn | None:
    """Who signs in with this name and password; None, after the same time, for a wrong one."""
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
    return SignedIn(user, credential.version)


def by_session(wiring: Wiring, session_id: str) -> SignedIn | None:
    """Whose session it is; None once his password is newer, or he is no longer active."""
    user_id, _, version = session_id.partition(":")
    if not (user_id.isdigit() and version.isdigit()):
        return None
    with wiring.database.read() as connection:
        credential = find_credential(connection, int(user_id))
    if credential is None or credential.version != int(version):
        return None
    user = _active(wiring, int(user_id))
    return None if user is None else SignedIn(user, credential.version)


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
    return _active(wiring, user_id)


def _active(wiring: Wiring, user_id: int) -> User | None:
    try:
        user = wiring.directory.user(user_id)
    except NotFound:
        return None
    return user if user.active else None

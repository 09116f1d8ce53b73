"""Beginning a session in this browser, and the half of one that waits for a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import session
from flask_login import login_user

from services.contracts.directory import User
from services.runtime.clock import now
from services.web.access import sign_in_log
from services.web.access.credentials import find_credential
from services.web.access.people import Proved, SignedIn, active_user
from services.web.access.sessions import begin_session
from services.web.access.visitor import visitor
from services.web.wiring import Wiring

HALF = "half"
HALF_LASTS = timedelta(minutes=5)


@dataclass(frozen=True)
class Half:
    """Who gave his password in this browser, and where he wanted to go."""

    proved: Proved
    wanted: str


def enter(wiring: Wiring, proved: Proved, proof: str, event: str = "signed_in") -> None:
    """Sign him in: a new session, and nothing left of the one that was."""
    user, who = proved.user, visitor()
    with wiring.database.write() as connection:
        secret = begin_session(connection, user.id, proved.version, proof, who, at=now())
        sign_in_log.note_of(connection, event, user)
    session.clear()  # a session begun by somebody else must not become this user's
    session.permanent = True
    login_user(SignedIn(user, secret))


def enter_half(proved: Proved, wanted: str) -> None:
    """Remember for five minutes, in the signed cookie, that the password was right."""
    session.clear()
    until = (now() + HALF_LASTS).timestamp()
    session[HALF] = [proved.user.id, proved.version, until, wanted]


def entered_half(wiring: Wiring) -> Half | None:
    """Who gave his password here lately, as long as it is still his password."""
    kept = session.get(HALF)
    if not kept or now().timestamp() > kept[2]:
        return None
    user = active_user(wiring, kept[0])
    with wiring.database.read() as connection:
        credential = find_credential(connection, kept[0])
    if user is None or credential is None or credential.version != kept[1]:
        return None
    return Half(Proved(user, credential.version), kept[3])


def version_of(wiring: Wiring, user: User) -> int:
    """That of his credential; 0 where he has no password."""
    with wiring.database.read() as connection:
        credential = find_credential(connection, user.id)
    return credential.version if credential else 0

"""A try to prove who one is: turned away, counted, recorded; the same for pages and the API."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from structlog import get_logger

from services.contracts.directory import User
from services.runtime.clock import now
from services.web.access import lockout, sign_in_log, two_factor
from services.web.access.credentials import find_credential_by_login
from services.web.access.people import Proved, by_password
from services.web.access.seal import Seal, SealBroken
from services.web.access.sessions import WITH_CODE, WITH_RECOVERY_CODE
from services.web.access.visitor import Visitor
from services.web.access.web_key import secret_keys
from services.web.wiring import Wiring

LONGEST_TOTP = 6
log = get_logger()


@dataclass(frozen=True)
class Tried:
    """How it went. `again_at` is when the next try is taken, where it has to wait.

    "unreadable": the web key has changed, and only a recovery code can help.
    After "right" and "code_wanted" `proved` says who it is; `proof` is how he proved himself.
    """

    outcome: Literal["right", "code_wanted", "wrong", "locked", "unreadable"]
    again_at: datetime | None = None
    proved: Proved | None = None
    proof: str = ""


def seal_of(wiring: Wiring) -> Seal:
    """What the secrets of second factors are encrypted with."""
    return Seal(secret_keys(wiring.settings), two_factor.SEAL_PURPOSE)


def try_password(wiring: Wiring, name: str, password: str, visitor: Visitor) -> Tried:
    """Check a name and password, unless tries for it have to wait."""
    place = (lockout.PASSWORD, lockout.name_key(name), visitor.network)
    with wiring.database.read() as connection:
        until = lockout.blocked_until(connection, *place, now())
    proved = by_password(wiring, name, password) if until is None else None
    moment = now()
    with wiring.database.write() as connection:
        # Asked again: those who tried at the same time may not have waited for each other.
        until = lockout.blocked_until(connection, *place, moment)
        known = find_credential_by_login(connection, name)  # so that he sees it himself
        user_id = known.user_id if known else None
        if until is not None:
            sign_in_log.note(connection, "locked", name, user_id, visitor, at=moment)
            return Tried("locked", until)
        if proved is None:
            sign_in_log.note(connection, "wrong_password", name, user_id, visitor, at=moment)
            return Tried("wrong", lockout.note_failure(connection, *place, moment))
        lockout.clear(connection, *place)
        if two_factor.is_on(connection, proved.user.id):
            return Tried("code_wanted", proved=proved)
    return Tried("right", proved=proved)


def try_present_password(wiring: Wiring, user: User, password: str, visitor: Visitor) -> Tried:
    """Check the password of somebody who is signed in, before he changes how he signs in."""
    tried = try_password(wiring, user.login, password, visitor)
    if tried.proved is None or tried.proved.user.id != user.id:
        return replace(tried, proved=None)
    return tried


def try_code(wiring: Wiring, user: User, code: str, visitor: Visitor) -> Tried:
    """Check a code of his authenticator, or a recovery code; each is taken once.

    Tries are counted from everywhere together: only who knows the password comes here.
    """
    place = (lockout.CODE, str(user.id), lockout.EVERYWHERE)
    moment = now()
    with wiring.database.write() as connection:
        until = lockout.blocked_until(connection, *place, moment)
        if until is not None:
            sign_in_log.note(connection, "locked", user.login, user.id, visitor, at=moment)
            return Tried("locked", until)
        digits = "".join(code.split())
        if digits.isdigit() and len(digits) <= LONGEST_TOTP:
            proof = WITH_CODE
            try:
                right = two_factor.take_code(connection, seal_of(wiring), user.id, digits, moment)
            except SealBroken as error:
                log.error("second factor cannot be read", user_id=user.id, why=str(error))
                return Tried("unreadable")
        else:
            proof = WITH_RECOVERY_CODE
            right = two_factor.take_recovery_code(connection, user.id, code, moment)
        if not right:
            sign_in_log.note(connection, "wrong_code", user.login, user.id, visitor, at=moment)
            return Tried("wrong", lockout.note_failure(connection, *place, moment))
        lockout.clear(connection, *place)
        if proof == WITH_RECOVERY_CODE:
            sign_in_log.note(connection, "recovery_code", user.login, user.id, visitor, at=moment)
    return Tried("right", proof=proof)

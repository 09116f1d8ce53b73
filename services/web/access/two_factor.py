"""The second factor: codes by time (TOTP, RFC 6238), and recovery codes."""

from __future__ import annotations

import hmac
import secrets
from contextlib import suppress
from datetime import datetime

import pyotp
from sqlalchemy import Connection, delete, func, insert, select, update

from services.web.access.digest import digest
from services.web.access.seal import Seal, SealBroken
from services.web.tables import recovery_codes, two_factor

ISSUER = "Casewire"
SEAL_PURPOSE = "two-factor"
STEP_SECONDS = 30
STEPS_ASIDE = 1  # clocks differ (RFC 6238 §5.2)
RECOVERY_CODES = 10
# 80 bits each, so that the plain SHA-256 of one is nothing to guess at.
RECOVERY_GROUPS, RECOVERY_GROUP = 4, 4
RECOVERY_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that looks like another


def is_on(connection: Connection, user_id: int) -> bool:
    """Whether a code is asked of this user."""
    t = two_factor
    question = select(t.c.user_id).where(t.c.user_id == user_id, t.c.confirmed_at.is_not(None))
    return connection.scalar(question) is not None


def users_with_it(connection: Connection) -> set[int]:
    """Who has turned it on."""
    t = two_factor
    return set(connection.scalars(select(t.c.user_id).where(t.c.confirmed_at.is_not(None))))


def offer_secret(connection: Connection, seal: Seal, user_id: int) -> str:
    """The secret that waits for its first code, in Base32; a new one where none waits.

    It stays the same until a code has confirmed it: a page loaded twice shows one secret.
    """
    t = two_factor
    waiting = (t.c.user_id == user_id) & t.c.confirmed_at.is_(None)
    kept = connection.scalar(select(t.c.secret).where(waiting))
    if kept is not None:
        with suppress(SealBroken):  # the web key has changed: begin anew
            return seal.open(kept)
        connection.execute(delete(t).where(waiting))
    secret = pyotp.random_base32()
    connection.execute(insert(t).values(user_id=user_id, secret=seal.close(secret), last_step=0))
    return secret


def address_of(secret: str, login: str) -> str:
    """The otpauth address that an authenticator program reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def turn_on(
    connection: Connection, seal: Seal, user_id: int, code: str, at: datetime
) -> list[str] | None:
    """Confirm the waiting secret with a code: the recovery codes; None for a wrong code.

    Raises SealBroken.
    """
    if is_on(connection, user_id) or not take_code(connection, seal, user_id, code, at):
        return None
    connection.execute(
        update(two_factor).where(two_factor.c.user_id == user_id).values(confirmed_at=at)
    )
    codes = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
    connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
    connection.execute(
        insert(recovery_codes),
        [{"sha256": _recovery_digest(user_id, code), "user_id": user_id} for code in codes],
    )
    return codes


def turn_off(connection: Connection, user_id: int) -> None:
    """Ask no code any more, and forget the secret and the recovery codes."""
    connection.execute(delete(two_factor).where(two_factor.c.user_id == user_id))
    connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))


def take_code(connection: Connection, seal: Seal, user_id: int, code: str, at: datetime) -> bool:
    """Whether the code is right now and was not taken before; then it is taken.

    Raises SealBroken.
    """
    t = two_factor
    kept = connection.execute(select(t.c.secret).where(t.c.user_id == user_id)).first()
    if kept is None:
        return False
    step = _step_of(seal.open(kept.secret), "".join(code.split()), at)
    if step is None:
        return False
    # In one statement: of two who bring the same code at once one is refused (RFC 6238 §5.2).
    later = update(t).where(t.c.user_id == user_id, t.c.last_step < step).values(last_step=step)
    return connection.execute(later).rowcount == 1


def take_recovery_code(connection: Connection, user_id: int, code: str, at: datetime) -> bool:
    """Whether it is a recovery code of his that was not used before; then it is used."""
    t = recovery_codes
    unused = update(t).where(
        t.c.sha256 == _recovery_digest(user_id, code),
        t.c.user_id == user_id,
        t.c.used_at.is_(None),
    )
    return connection.execute(unused.values(used_at=at)).rowcount == 1


def unused_recovery_codes(connection: Connection, user_id: int) -> int:
    """How many he has left."""
    t = recovery_codes
    question = select(func.count()).where(t.c.user_id == user_id, t.c.used_at.is_(None))
    return int(connection.scalar(question) or 0)


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """The step whose code it is, of the present one and its neighbours."""
    totp = pyotp.TOTP(secret)
    present = int(at.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - STEPS_ASIDE, present + STEPS_ASIDE + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            found = step
    return found


def _new_recovery_code() -> str:
    groups = (
        "".join(secrets.choice(RECOVERY_LETTERS) for _ in range(RECOVERY_GROUP))
        for _ in range(RECOVERY_GROUPS)
    )
    return "-".join(groups)


def _recovery_digest(user_id: int, code: str) -> str:
    letters = "".join(c for c in code.lower() if c.isalnum())
    return digest(f"{user_id}:{letters}")

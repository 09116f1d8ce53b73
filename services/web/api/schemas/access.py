"""How somebody signs in, as the API takes and answers it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.contracts.envelope import Part
from services.web.access.sign_in_log import LONGEST_NAME
from services.web.api.schemas.base import Cursor, Given, Id

What = Literal[
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


class SessionOfMine(Part):
    """A browser in which you are signed in; `proof` is how you proved yourself there."""

    id: int
    proof: str
    begun_at: datetime
    seen_at: datetime
    address: str
    program: str


class SessionList(Part):
    """Your sessions, the newest first."""

    items: list[SessionOfMine]
    next: str | None = None


class NewPassword(Given):
    """Your present password and the one to come."""

    password: str = Field(min_length=1, max_length=1000)
    new_password: str = Field(min_length=1, max_length=1000)


class TwoFactor(Part):
    """Your second factor; `must_have` says that your role cannot go without."""

    on: bool
    recovery_codes_left: int
    must_have: bool


class Secret(Part):
    """What an authenticator program makes codes of (RFC 6238); `uri` is the same as a link."""

    secret: str
    uri: str


class FirstCode(Given):
    """A code that shows that the authenticator works."""

    code: str = Field(min_length=1, max_length=40)


class RecoveryCodes(Part):
    """Each signs you in once where the authenticator is lost. They are shown this once."""

    recovery_codes: list[str]


class TurningOff(Given):
    """Your password, and a code of the authenticator or a recovery code."""

    password: str = Field(min_length=1, max_length=1000)
    code: str = Field(min_length=1, max_length=40)


class UserAccess(Part):
    """How a user can sign in now; `blocked_until` is the latest of his blocks."""

    two_factor_on: bool
    sessions: int
    blocked_until: datetime | None


class SignInsAsked(Given):
    """Which entries of the record of sign-ins."""

    what: What | None = None
    name: str = Field(default="", max_length=LONGEST_NAME, description="Part of what was typed")
    user_id: Id | None = None
    cursor: Cursor | None = Field(default=None, description="The `next` of the page before")
    limit: int = Field(default=50, ge=1, le=200, description="How many at the most")


class SignInEntry(Part):
    """A try to sign in, or a change to how somebody does; `user_id` is null for nobody of ours."""

    id: int
    at: datetime
    what: What
    name: str
    user_id: int | None
    address: str
    program: str


class SignInList(Part):
    """Entries of the record, the latest first."""

    items: list[SignInEntry]
    next: str | None = None

"""How somebody signs in, as the API takes and answers it."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from services.contracts.envelope import Part
from services.web.access.sign_in_log import LONGEST_NAME, Happened, SignInEvent
from services.web.api.schemas.base import Cursor, Given, Id


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


class SignInsAsked(Given):
    """Which entries of the record of sign-ins."""

    what: Happened | None = None
    name: str = Field(default="", max_length=LONGEST_NAME, description="Part of what was typed")
    user_id: Id | None = None
    cursor: Cursor | None = Field(default=None, description="The `next` of the page before")
    limit: int = Field(default=50, ge=1, le=200, description="How many at the most")


class SignInList(Part):
    """Entries of the record, the latest first."""

    items: list[SignInEvent]
    next: str | None = None

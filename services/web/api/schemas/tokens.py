"""Tokens, as the API takes and answers them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from services.contracts.envelope import Part
from services.web.api.schemas.base import Given


class SignIn(Given):
    """A user's login and password; `code` where he has a second factor."""

    name: str = Field(min_length=1, max_length=100)
    password: str = Field(min_length=1, max_length=1000)
    code: str = Field(
        default="", max_length=40, description="Of the authenticator, or a recovery code"
    )
    expires_in_days: int = Field(default=30, ge=1, le=366)


class Token(Part):
    """Send it as `Authorization: Bearer …`. It is shown this once."""

    token: str
    expires_at: datetime

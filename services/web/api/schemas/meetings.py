"""Moving meetings and inviting to them, as the API takes it."""

from __future__ import annotations

from pydantic import Field

from services.contracts.calendar import Scope
from services.contracts.case_commands import LONGEST_MINUTES
from services.web.api.schemas.base import Given, Moment, Version


class MeetingMove(Given):
    """Where a meeting goes, or that it is off. Of a series `original` says which one is meant."""

    version: Version
    scope: Scope = Field(default="all", description="Which of a series; a single one is all")
    original: Moment | None = Field(
        default=None, description="When the series would have begun it, as `coming` of the case has"
    )
    start: Moment | None = None
    duration_minutes: int | None = Field(default=None, ge=0, le=LONGEST_MINUTES)
    all_day: bool | None = None
    cancelled: bool = False


class Inviting(Given):
    """Invite the contact and the watchers who were not invited yet."""

    version: Version

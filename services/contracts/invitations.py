"""A calendar invitation as a mail brings it (RFC 5545, RFC 5546)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.contracts.envelope import Part


class Invitation(Part):
    """One meeting that a text/calendar part asks for, moves, answers or cancels.

    `uid` names the meeting for good; of two invitations to it the one with the greater
    `sequence` holds. `start` is in UTC. `repeats` is its recurrence rule as written, or empty:
    the case is that of the first one. An `exception` is about one meeting of a series alone.
    """

    method: Literal["REQUEST", "PUBLISH", "CANCEL", "REPLY", "COUNTER"]
    uid: str = Field(min_length=1, max_length=500)
    sequence: int = 0
    summary: str = ""
    start: datetime | None = None
    duration_minutes: int | None = None
    all_day: bool = False
    location: str = ""
    organizer: str = ""
    repeats: str = ""
    exception: bool = False

"""Calendar invitations as mails bring and take them (RFC 5545, RFC 5546)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.contracts.cases import Attendee, AttendeeAnswer, Occurrence
from services.contracts.envelope import Part


class Invitation(Part):
    """One meeting that a text/calendar part asks for, moves, answers or cancels.

    `uid` names the meeting for good; of two invitations to it the one with the greater
    `sequence` holds. `start` is in UTC. `repeats` is its recurrence rule as written, or empty:
    the case is that of the first one. An `exception` is about one meeting of a series alone,
    which the series would have begun at `original`. Of a REPLY, `answer` is what the `attendee`
    (a mail address) says, None where he says nothing we know; `comment` are his words.
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
    original: datetime | None = None
    attendee: str = ""
    answer: AttendeeAnswer | None = None
    comment: str = ""


class CalendarPart(Part):
    """The meeting that a mail of ours invites to, or calls off: its text/calendar part.

    Whom the mail comes from is the organizer. `recurrence`, `time_zone` and `occurrences` are as
    in CaseSnapshot. `only` are the meetings of the series, by when the series would have begun
    them, that it is about; empty means all of it. Addresses of `attendees` get it or have it.
    """

    method: Literal["REQUEST", "CANCEL"]
    uid: str
    sequence: int = 0
    summary: str
    description: str = ""
    start: datetime
    duration_minutes: int = 0
    all_day: bool = False
    recurrence: str = ""
    time_zone: str = ""
    occurrences: tuple[Occurrence, ...] = ()
    only: tuple[datetime, ...] = ()
    attendees: tuple[Attendee, ...] = ()

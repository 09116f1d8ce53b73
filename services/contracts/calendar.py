"""What a calendar asks of the cases service, and what a drag in it orders."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.contracts.case_commands import LONGEST_MINUTES, CaseQuestion, GivenMoment
from services.contracts.cases import Attendee, Contact, Priority, Ref, State
from services.contracts.envelope import Command, Part

MOST_EVENTS = 5_000
LONGEST_WINDOW_DAYS = 400
Scope = Literal["this", "following", "all"]


class CalendarQuestion(Part):
    """RPC `list_events`: the meetings that touch the time from `begin` to before `end`.

    Of `cases` all counts but its order, cursor and limit. `responsible_ids`, where given, are
    the people whose cases count. At most MOST_EVENTS come, those that begin first; the window
    is at most LONGEST_WINDOW_DAYS long.
    """

    begin: GivenMoment
    end: GivenMoment
    cases: CaseQuestion = CaseQuestion()
    responsible_ids: tuple[int, ...] = Field(default=(), max_length=200)


class CalendarEvent(Part):
    """One meeting: a dated case, or one of a series, which `original` then names.

    `start` and `end` are in UTC; of an `all_day` one they are midnights in UTC, the end that
    behind its last day. `version` is the case's, to be given back with a change.
    """

    number: int
    version: int
    subject: str
    kind: str
    state: State
    priority: Priority = "normal"
    start: datetime
    end: datetime
    all_day: bool = False
    recurrence: str = ""
    original: datetime | None = None
    moved: bool = False
    responsible: Ref | None = None
    section: Ref | None = None
    partner: Ref | None = None
    contact: Contact | None = None
    attendees: tuple[Attendee, ...] = ()


class CalendarEvents(Part):
    """The answer to a CalendarQuestion; `more`: there were more than it may hold."""

    items: tuple[CalendarEvent, ...] = ()
    more: bool = False


class MoveEvent(Command):
    """Moves or cancels a meeting. RPC `move_event`; answers the case.

    `original` names a meeting of a series, as the CalendarEvent had it; then `scope` says
    whether this one alone moves, this and all that follow (they become a case of their own,
    which is answered), or the whole series by as much. `cancelled` takes it out instead: a
    whole case, or a whole series, is cancelled as such.
    """

    number: int
    version: int
    scope: Scope = "all"
    original: GivenMoment | None = None
    start: GivenMoment | None = None
    duration_minutes: int | None = Field(default=None, ge=0, le=LONGEST_MINUTES)
    all_day: bool | None = None
    cancelled: bool = False


class SendInvitation(Command):
    """Invites the contact and the watchers of a case to its meeting. RPC `send_invitation`.

    Whoever was invited before gets no second one. From then on they are told of each change by
    themselves. Answers the case.
    """

    number: int
    version: int

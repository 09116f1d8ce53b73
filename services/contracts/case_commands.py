"""The commands and questions that the cases service takes by RPC, and its answers."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from services.contracts.cases import CaseSnapshot, Change, Priority, State, Watcher
from services.contracts.envelope import Command, Link, Part


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


# A moment that a caller gives: with a time zone, kept in UTC.
GivenMoment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


# Reports add exact amounts of four decimals; what they could not add is refused at the door.
Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=4)]


class CaseFields(Part):
    """Fields of a case that a person may set. Only those given are changed."""

    subject: str | None = Field(default=None, max_length=500)
    description: str | None = None
    kind: str | None = None
    section_id: int | None = None
    category_id: int | None = None
    responsible_id: int | None = None
    priority: Priority | None = None
    partner_id: int | None = None
    contact_address: str | None = None
    watchers: tuple[Watcher, ...] | None = None
    currency: str | None = None
    estimated_revenue: Amount | None = None
    estimated_cost: Amount | None = None
    probability: int | None = Field(default=None, ge=0, le=100)
    deadline: GivenMoment | None = None
    start: GivenMoment | None = None
    duration_minutes: int | None = Field(default=None, ge=0)
    custom: dict[str, Any] | None = None


class CreateCase(Command):
    """Opens a case; `fields.subject` is required. RPC `create_case`."""

    fields: CaseFields
    state: State = "draft"


class ChangeCase(Command):
    """Changes the fields set in `fields` (also to null), no others; the state, where given.

    RPC `change_case`.
    """

    number: int
    version: int
    fields: CaseFields
    state: State | None = None


class MoveCase(Command):
    """Changes the state along the transition table. RPC `move_case`."""

    number: int
    version: int
    state: State


class EscalateCase(Command):
    """Moves the case to the section that its section escalates to. RPC `escalate_case`."""

    number: int
    version: int


class AddMessage(Command):
    """A reply (mailed to the partner and watchers) or an internal note. RPC `add_message`."""

    number: int
    kind: Literal["reply", "note"] = "reply"
    text: str = Field(min_length=1, max_length=1_000_000)
    minutes_spent: int | None = Field(default=None, ge=0)


class DiscussionEntry(Part):
    """One mail, reply or note of a case's discussion. `quoted` is what its writer repeated."""

    number: int
    kind: Literal["mail", "reply", "note"]
    direction: Literal["in", "out", "internal"]
    author: str
    at: datetime
    subject: str = ""
    text: str = ""
    quoted: str = ""
    html: str | None = None
    attachments: tuple[dict[str, Any], ...] = ()
    automatic: bool = False
    verified: bool = True
    minutes_spent: int | None = None
    remark: str = ""


class CaseQuestion(Part):
    """Which cases to list. RPC `list_cases`; answers `{"items": [...], "next": cursor or null}`."""

    q: str | None = None
    state: tuple[State, ...] = ()
    section_id: int | None = None
    responsible_id: int | None = None
    partner_id: int | None = None
    kind: str | None = None
    priority: Priority | None = None
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


class HistoryEntry(Part):
    """One entry of a case's history: who, when, why and what changed."""

    version: int
    at: datetime
    event_type: str
    event_id: str
    actor_kind: str
    actor_name: str
    reason: str = ""
    cause: tuple[Link, ...] = ()
    changes: tuple[Change, ...] = ()


class CaseView(CaseSnapshot):
    """A case with all that is on it. RPC `get_case`."""

    description: str = ""
    messages: tuple[DiscussionEntry, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    moves: tuple[State, ...] = ()

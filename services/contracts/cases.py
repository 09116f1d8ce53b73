"""A case as it stands, and what the cases service announces of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import Field

from services.contracts.envelope import Envelope, Part

State = Literal["draft", "open", "pending", "done", "cancelled"]
Priority = Literal["lowest", "low", "normal", "high", "highest"]
CLOSED: frozenset[State] = frozenset({"done", "cancelled"})
UNCLOSED: tuple[State, ...] = ("draft", "open", "pending")  # somebody has still to look at it
Side = Literal["staff", "partner"]


class Ref(Part):
    """A named thing of the directory: its number and the name people know it by."""

    id: int
    name: str


class Contact(Part):
    """A partner's contact, or just the address of somebody not known yet (`id` None)."""

    id: int | None = None
    name: str = ""
    address: str


class Watcher(Part):
    """Somebody who gets copies. Staff watchers may answer the partner by mail."""

    address: str
    name: str = ""
    side: Side = "partner"


class Occurrence(Part):
    """One meeting of a series that is not where the series has it.

    `original` is when the series would have begun it (RFC 5545 §3.8.4.4); a `cancelled` one
    does not take place.
    """

    original: datetime
    start: datetime
    duration_minutes: int = 0
    cancelled: bool = False


AttendeeAnswer = Literal["waiting", "accepted", "declined", "tentative"]


class SingleAnswer(Part):
    """What an attendee said of one meeting of a series; `original` is as in Occurrence."""

    original: datetime
    answer: AttendeeAnswer = "waiting"
    answered_at: datetime | None = None
    sequence: int = 0


class Attendee(Part):
    """Somebody whom we invited to the meeting that a case is, and what he answered.

    `sequence` is that of the invitation by which he was asked last: what answers an earlier one
    answers another question (RFC 5546 §2.1.4). `single` are answers to one meeting of a series.
    """

    address: str
    name: str = ""
    answer: AttendeeAnswer = "waiting"
    answered_at: datetime | None = None
    sequence: int = 0
    single: tuple[SingleAnswer, ...] = ()


class CaseSnapshot(Part):
    """A case as it stood after an event: enough for rules and reports to ask nobody.

    `response_deadline` is when our first answer is due, `responded_at` when it was given by
    a person. `custom` holds the fields of its kind by code: a text, a number, a date as
    "2026-11-25", one of the choices, or a person as `{"id": 3, "name": "Eve"}`. A merged
    case is closed for good; all goes on on the case `merged_into`. `answer_from` is the
    address that its mails come from when its section has none. Links to the portal that were
    given out before `portal_links_ended_at` open nothing.

    A case with a `start` stands in calendars. `all_day`: it begins at 00:00 UTC of its first
    day, whoever looks, and lasts whole days. `recurrence` is a rule of RFC 5545 §3.3.10 such as
    "FREQ=WEEKLY;BYDAY=MO"; its meetings keep their clock time in `time_zone`, but for those in
    `occurrences`. `attendees` were invited to it by mail; `invitation_sequence` counts what they
    were told of it since (RFC 5545 §3.8.7.4).
    """

    number: int
    version: int
    subject: str
    state: State
    kind: str
    section: Ref | None = None
    section_path: tuple[int, ...] = ()
    category: Ref | None = None
    responsible: Ref | None = None
    priority: Priority = "normal"
    partner: Ref | None = None
    partner_categories: tuple[int, ...] = ()
    contact: Contact | None = None
    watchers: tuple[Watcher, ...] = ()
    currency: str = "EUR"
    estimated_revenue: Decimal | None = None
    estimated_cost: Decimal | None = None
    probability: int | None = None
    created_at: datetime
    last_action_at: datetime
    state_since: datetime
    closed_at: datetime | None = None
    deadline: datetime | None = None
    response_deadline: datetime | None = None
    responded_at: datetime | None = None
    start: datetime | None = None
    duration_minutes: int | None = None
    all_day: bool = False
    recurrence: str = ""
    time_zone: str = ""
    occurrences: tuple[Occurrence, ...] = ()
    attendees: tuple[Attendee, ...] = ()
    invitation_sequence: int = 0
    tags: tuple[str, ...] = ()
    minutes_spent: int = 0
    merged_into: int | None = None
    custom: dict[str, Any] = Field(default_factory=dict)
    answer_from: str = ""
    portal_links_ended_at: datetime | None = None


class Change(Part):
    """One field, before and after. `before` of a created case is None throughout."""

    field: str
    before: Any = None
    after: Any = None


class CaseData(Part):
    """Data of every case event. `state_before` is None when the case did not exist."""

    case: CaseSnapshot
    state_before: State | None = None
    changes: tuple[Change, ...] = ()
    message: MessageAdded | None = None
    reason: str = ""
    firing: FiringOutcome | None = None


class MessageAdded(Part):
    """The entry that a mail, a reply or a note made in the discussion."""

    message_number: int
    kind: Literal["mail", "reply", "note"]
    direction: Literal["in", "out", "internal"]
    author: str
    subject: str = ""
    automatic: bool = False
    minutes_spent: int | None = None


class FiringOutcome(Part):
    """What cases made of a rule that fired: in the first event that obeying it brought.

    `refused` says, an action each, what could not be done and why; `changed` whether the
    rule changed any field.
    """

    firing_id: str
    changed: bool
    refused: tuple[str, ...] = ()


class CaseEvent(Envelope):
    """Any event about one case."""

    case_id: int
    version: int
    data: CaseData


class CaseCreated(CaseEvent):
    TYPE: ClassVar[str] = "case.created"
    type: Literal["case.created"] = "case.created"


class CaseUpdated(CaseEvent):
    TYPE: ClassVar[str] = "case.updated"
    type: Literal["case.updated"] = "case.updated"


class CaseStateChanged(CaseEvent):
    TYPE: ClassVar[str] = "case.state_changed"
    type: Literal["case.state_changed"] = "case.state_changed"


class CaseMessageAdded(CaseEvent):
    TYPE: ClassVar[str] = "case.message_added"
    type: Literal["case.message_added"] = "case.message_added"


class CaseEscalated(CaseEvent):
    TYPE: ClassVar[str] = "case.escalated"
    type: Literal["case.escalated"] = "case.escalated"


CaseData.model_rebuild()

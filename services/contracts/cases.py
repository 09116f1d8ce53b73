"""What the cases service announces, and the commands it takes by RPC."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import Field

from services.contracts.envelope import Envelope, Link, Part

State = Literal["draft", "open", "pending", "done", "cancelled"]
Priority = Literal["lowest", "low", "normal", "high", "highest"]
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


class CaseSnapshot(Part):
    """A case as it stood after an event: enough for rules and reports to ask nobody."""

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
    start: datetime | None = None
    duration_minutes: int | None = None
    custom: dict[str, Any] = Field(default_factory=dict)


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


class MessageAdded(Part):
    """The entry that a mail, a reply or a note made in the discussion."""

    message_number: int
    kind: Literal["mail", "reply", "note"]
    direction: Literal["in", "out", "internal"]
    author: str
    subject: str = ""
    automatic: bool = False


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


class User(Part):
    """A person who works with cases. `login` is unique; `address` is where mail reaches him."""

    id: int
    login: str
    name: str
    address: str | None = None
    role: Literal["admin", "manager", "agent", "read-only"] = "agent"
    language: str = "en"
    time_zone: str = "UTC"
    absent_from: date | None = None
    absent_until: date | None = None
    stand_in_id: int | None = None
    active: bool = True
    version: int = 1


class UserChanged(Envelope):
    TYPE: ClassVar[str] = "user.changed"
    type: Literal["user.changed"] = "user.changed"
    data: User


class Section(Part):
    """A team with its place in the tree, its reply address and how it treats answers."""

    id: int
    name: str
    parent_id: int | None = None
    escalation_id: int | None = None
    manager_id: int | None = None
    member_ids: tuple[int, ...] = ()
    reply_address: str | None = None
    close_on_reply: bool = False
    close_on_partner_answer: bool = False
    reopen: Literal["reopen", "linked"] = "reopen"
    active: bool = True
    version: int = 1


class SectionChanged(Envelope):
    TYPE: ClassVar[str] = "section.changed"
    type: Literal["section.changed"] = "section.changed"
    data: Section


class PartnerContact(Part):
    """One address of a partner."""

    id: int | None = None
    name: str = ""
    address: str
    phone: str = ""


class Partner(Part):
    """A company or person: customer, supplier or both; `category_ids` are those given directly."""

    id: int
    name: str
    is_customer: bool = True
    is_supplier: bool = False
    contacts: tuple[PartnerContact, ...] = ()
    category_ids: tuple[int, ...] = ()
    category_path_ids: tuple[int, ...] = ()
    active: bool = True
    version: int = 1


class PartnerChanged(Envelope):
    TYPE: ClassVar[str] = "partner.changed"
    type: Literal["partner.changed"] = "partner.changed"
    data: Partner


class TreeNode(Part):
    """A category of cases or of partners; `path` reads "Support Contract / Gold"."""

    id: int
    name: str
    parent_id: int | None = None
    path: str = ""


class Kind(Part):
    """A kind of case. A dated kind has a start and a duration."""

    code: str
    name: str
    dated: bool = False


class Command(Part):
    """A change asked of the cases service.

    The same `idempotency_key` takes effect once and answers the same twice.
    `actor_id` is the user who asks; the caller vouches for him.
    """

    idempotency_key: str
    actor_id: int | None = None


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
    estimated_revenue: Decimal | None = None
    estimated_cost: Decimal | None = None
    probability: int | None = Field(default=None, ge=0, le=100)
    deadline: datetime | None = None
    start: datetime | None = None
    duration_minutes: int | None = Field(default=None, ge=0)
    custom: dict[str, Any] | None = None


class CreateCase(Command):
    """Opens a case; `fields.subject` is required. RPC `create_case`."""

    fields: CaseFields
    state: State = "draft"


class ChangeCase(Command):
    """Changes the fields set in `fields` (also to null), no others. RPC `change_case`."""

    number: int
    version: int
    fields: CaseFields


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


CaseData.model_rebuild()

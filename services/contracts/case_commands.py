"""The commands and questions that the cases service takes by RPC, and its answers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field
from pydantic_core import PydanticCustomError

from services.contracts.cases import CaseSnapshot, Change, Priority, State, Watcher
from services.contracts.envelope import Command, Link, Part
from services.contracts.mail import Attachment

FIRST_YEAR, LAST_YEAR = 1970, 2200
LONGEST_MINUTES = 366 * 24 * 60


def _in_utc(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        what_to_do = f"give a moment from the year {FIRST_YEAR} to {LAST_YEAR}"
        raise PydanticCustomError("senseless_year", "{what_to_do}", {"what_to_do": what_to_do})
    return moment.astimezone(UTC)


# A moment that a caller gives: with a time zone, in a year that makes sense; kept in UTC.
GivenMoment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


# Reports add exact amounts of four decimals; what they could not add is refused at the door.
Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=4)]


class CaseFields(Part):
    """Fields of a case that a person may set. Only those given are changed.

    `custom` changes the fields of the kind that it names; null empties one. A person is given
    by his number; a number as such or as text, with at most 15 digits, so that none is lost.
    A new `recurrence` (empty: none) forgets which meetings of the series were moved.
    """

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
    response_deadline: GivenMoment | None = None
    start: GivenMoment | None = None
    duration_minutes: int | None = Field(default=None, ge=0, le=LONGEST_MINUTES)
    all_day: bool | None = None
    recurrence: str | None = Field(default=None, max_length=300)
    time_zone: str | None = Field(default=None, max_length=60)
    tags: tuple[str, ...] | None = None
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
    """A reply (mailed to the partner and watchers) or an internal note. RPC `add_message`.

    `attachments` were put into the file store before. `minutes_spent` is added to the case.
    Whom a reply goes to in copy: `add_watchers` get it and all that follows, those whose
    addresses are in `remove_watchers` no longer; so two people who answer at once do not undo
    what the other did.
    """

    number: int
    kind: Literal["reply", "note"] = "reply"
    text: str = Field(min_length=1, max_length=1_000_000)
    minutes_spent: int | None = Field(default=None, ge=0, le=100_000)
    attachments: tuple[Attachment, ...] = Field(default=(), max_length=50)
    add_watchers: tuple[Watcher, ...] = Field(default=(), max_length=50)
    remove_watchers: tuple[str, ...] = Field(default=(), max_length=200)


class MergeCase(Command):
    """Merges case `number` into the case `into`, which stays. RPC `merge_case`; answers the latter.

    Discussion, history and threads follow; the merged case is cancelled unless it is closed.
    `version` is that of the case that goes, `into_version` (optional) that of the one that stays.
    """

    number: int
    version: int
    into: int
    into_version: int | None = None


class SplitCase(Command):
    """Makes a new case of one message of a case. RPC `split_case`; answers the new case.

    Answers to that message go to the new case from now on; the two are linked.
    """

    number: int
    version: int
    message_number: int
    subject: str | None = Field(default=None, max_length=500)


Relation = Literal["related", "follows", "followed_by", "duplicate_of", "duplicated_by"]
INVERSE: dict[Relation, Relation] = {
    "related": "related",
    "follows": "followed_by",
    "followed_by": "follows",
    "duplicate_of": "duplicated_by",
    "duplicated_by": "duplicate_of",
}


class LinkCases(Command):
    """Links two cases: `number` is `relation` of `other`. RPC `link_cases`; answers the first.

    A link that there is already changes nothing.
    """

    number: int
    other: int
    relation: Relation = "related"


class UnlinkCases(Command):
    """Takes all links between two cases away. RPC `unlink_cases`; answers the first."""

    number: int
    other: int


class ChangeCases(Command):
    """Changes a selection at once, each case on its own. RPC `change_cases`.

    Answers `{"changed": [number …], "unchanged": [number …], "refused": [{"number", "why"} …]}`.
    Of `fields` only those given are changed; `tags` there would replace all tags, so
    `add_tags` and `remove_tags` come beside it.
    """

    numbers: tuple[int, ...] = Field(min_length=1, max_length=500)
    fields: CaseFields = CaseFields()
    state: State | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()


class RefusedCase(Part):
    """A case of a selection that could not be changed, and why."""

    number: int
    why: str


class CasesChanged(Part):
    """What became of each case of a selection; `unchanged` were already so."""

    changed: tuple[int, ...] = ()
    unchanged: tuple[int, ...] = ()
    refused: tuple[RefusedCase, ...] = ()


class QualityAction(Part):
    """A corrective or preventive action on a case (ISO 9001:2015 §10.2)."""

    id: int
    type: Literal["corrective", "preventive"] = "corrective"
    text: str = Field(min_length=1, max_length=5_000)
    owner_id: int | None = None
    owner_name: str = ""
    due: date | None = None
    done_at: datetime | None = None
    version: int = 1


class DueAction(QualityAction):
    """An action with the case that it is on.

    RPC `list_quality_actions(owner_id=None, done=False, cursor=None, limit=50, asker_id=None)`
    answers `{"items": [...], "next": cursor or null}`, those due first before others.
    """

    case_number: int
    case_subject: str = ""


class SaveQualityAction(Command):
    """Adds an action to a case, or changes one (`id` and `version`). RPC `save_quality_action`.

    `fields` are `type`, `text`, `owner_id`, `due` and `done` (true or false); only those given
    are changed. Answers the QualityAction.
    """

    number: int
    id: int | None = None
    version: int | None = None
    fields: dict[str, Any]


class CaseLink(Part):
    """A link as seen from a case: this case is `relation` of the case `number`."""

    number: int
    relation: Relation
    subject: str = ""
    state: State = "draft"


class PartnerCase(Part):
    """Another case of the same partner, as it is shown beside a case."""

    number: int
    subject: str
    state: State
    last_action_at: datetime


class DiscussionEntry(Part):
    """One mail, reply or note of a case's discussion. `quoted` is what its writer repeated.

    `message_id` is that of the mail it came in by, if any. `from_case` is the merged or split case
    that it stood on first, as entry `from_number`.
    """

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
    message_id: str = ""
    from_case: int | None = None
    from_number: int | None = None


# No larger than a column holds.
CategoryId = Annotated[int, Field(ge=0, lt=2**31)]
Sort = Literal["newest", "oldest", "last_action", "deadline", "priority"]
MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


class CaseQuestion(Part):
    """Which cases to list. RPC `list_cases`.

    Answers `{"items": [...], "next": cursor or null, "previous": cursor or null}`; a cursor
    knows its direction.

    `q` searches subject, partner, contact, tags and the discussion; "101" or "[101]" is the
    case with that number. Sections and categories count with all below them. `nobody`: without
    a responsible. `late`: not closed and behind a deadline. `custom` compares by text, a
    person by his number. `exact` names what counts without all below it, `without` what the
    cases must not have. `partner_category_id` are categories of its partner that a case must
    carry, all of them (with each it carries those above it, too); `no_partner_category`: it
    carries none. `created_month` is that of the opening, in UTC, such as "2026-11";
    `created_from` is the first moment of an opening asked for, `created_before` the first
    that is not any more.
    `asker_id` is the user who asks: he is shown what he may see, and
    without one everything is. `last_action` is the latest first, `deadline` the nearest first,
    `priority` the highest first; pages go by key in every order.
    """

    q: str | None = None
    state: tuple[State, ...] = ()
    section_id: int | None = None
    responsible_id: int | None = None
    partner_id: int | None = None
    kind: str | None = None
    priority: Priority | None = None
    category_id: int | None = None
    tag: str | None = None
    nobody: bool = False
    late: bool = False
    custom: dict[str, str] = Field(default_factory=dict)
    exact: tuple[Literal["section", "category"], ...] = ()
    without: tuple[Literal["section", "category", "partner"], ...] = ()
    partner_category_id: tuple[CategoryId, ...] = Field(default=(), max_length=10)
    no_partner_category: bool = False
    created_month: str | None = Field(default=None, pattern=MONTH)
    created_from: GivenMoment | None = None
    created_before: GivenMoment | None = None
    asker_id: int | None = None
    sort: Sort = "newest"
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


class HistoryEntry(Part):
    """One entry of a case's history: who, when, why and what changed.

    `case_number` is the merged case whose entry it was, None for the case's own.
    """

    version: int
    at: datetime
    event_type: str
    event_id: str
    actor_kind: str
    actor_name: str
    reason: str = ""
    cause: tuple[Link, ...] = ()
    changes: tuple[Change, ...] = ()
    case_number: int | None = None


class ComingMeeting(Part):
    """One of the next meetings of a series; `original` is when the series would have begun it."""

    start: datetime
    end: datetime
    original: datetime
    moved: bool = False


class CaseView(CaseSnapshot):
    """A case with all that is on it. RPC `get_case(number, asker_id=None)`.

    A case that the user `asker_id` may not see is NotFound to him. `partner_cases` are a few
    others of the partner that he may see, those not closed first, the newest before others.
    `coming` are the next meetings of a series, a dozen at most. `is_of_others`: somebody else
    invites to this meeting.
    """

    description: str = ""
    messages: tuple[DiscussionEntry, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    moves: tuple[State, ...] = ()
    quality_actions: tuple[QualityAction, ...] = ()
    links: tuple[CaseLink, ...] = ()
    partner_cases: tuple[PartnerCase, ...] = ()
    merged: tuple[int, ...] = ()
    coming: tuple[ComingMeeting, ...] = ()
    is_of_others: bool = False


class CaseGlance(Part):
    """That a user may see a case, and its present version. RPC `glance_at_case`."""

    number: int
    version: int

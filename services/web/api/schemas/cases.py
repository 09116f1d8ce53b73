"""Cases, as the API takes and answers them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.contracts.case_commands import (
    MONTH,
    CaseFields,
    DiscussionEntry,
    HistoryEntry,
    Sort,
)
from services.contracts.case_views import Cut
from services.contracts.cases import CaseSnapshot, Priority, State, Watcher
from services.contracts.envelope import Part
from services.web.api.schemas.base import Cursor, Given, Id, Limit, Moment, Version
from services.web.api.schemas.custom import CustomAsked
from services.web.api.schemas.files import GivenAttachment

STATES = r"^(draft|open|pending|done|cancelled)(,(draft|open|pending|done|cancelled))*$"


class GivenCaseFields(CaseFields, Given):
    """Fields of a case. A section, responsible, partner or category is given by id or by name."""

    section_id: Id | None = None
    category_id: Id | None = None
    responsible_id: Id | None = None
    partner_id: Id | None = None
    deadline: Moment | None = None
    response_deadline: Moment | None = None
    start: Moment | None = None
    section: str | None = Field(default=None, description="Its name, instead of section_id")
    responsible: str | None = Field(default=None, description="A login, instead of its id")
    partner: str | None = Field(default=None, description="Its name, instead of partner_id")
    category: str | None = Field(default=None, description="Its path, such as 'Hardware / Printer'")


class NewCase(GivenCaseFields):
    """A case to open."""

    subject: str = Field(min_length=1, max_length=500)
    state: State = "draft"


class CaseChange(GivenCaseFields):
    """Changes to a case; a field left out stays as it is. `version` is the one you read."""

    version: Version
    state: State | None = None


class StateMove(Given):
    """The state to go to."""

    version: Version
    state: State


class Escalation(Given):
    """Hand the case to the section above."""

    version: Version


class NewMessage(Given):
    """A reply, which is mailed to the partner and the watchers, or an internal note."""

    kind: Literal["reply", "note"] = "reply"
    text: str = Field(min_length=1, max_length=1_000_000)
    minutes_spent: int | None = Field(default=None, ge=0, le=100_000)
    attachments: tuple[GivenAttachment, ...] = Field(
        default=(), max_length=50, description="Files that were uploaded by POST /api/v1/files"
    )
    add_watchers: tuple[Watcher, ...] = Field(
        default=(), max_length=50, description="Who gets this reply in copy, and all that follows"
    )
    remove_watchers: tuple[str, ...] = Field(
        default=(), max_length=200, description="Addresses of watchers who get no more copies"
    )


class CaseConditions(Given):
    """Which cases; what is given must all hold."""

    q: str | None = Field(default=None, max_length=500, description="Words, or a case's number")
    state: str | None = Field(
        default=None, pattern=STATES, description="One state, or several with commas between"
    )
    section_id: Id | None = None
    responsible_id: Id | None = None
    partner_id: Id | None = None
    kind: str | None = Field(default=None, max_length=50, description="The code of a kind")
    priority: Priority | None = None
    category_id: Id | None = Field(default=None, description="With all below it")
    exact: str | None = Field(
        default=None,
        pattern=r"^(section|category)(,(section|category))*$",
        description="What counts without all below it: section, category, or both",
    )
    without: str | None = Field(
        default=None,
        pattern=r"^(section|category|partner)(,(section|category|partner))*$",
        description="What the cases must not have: section, category, partner",
    )
    partner_category_id: str | None = Field(
        default=None,
        pattern=r"^[1-9][0-9]{0,9}(,[1-9][0-9]{0,9}){0,9}$",
        description="A category that the case has by its partner, or several with commas between",
    )
    no_partner_category: bool = Field(
        default=False, description="Those that have no category by their partner"
    )
    created_month: str | None = Field(
        default=None, pattern=MONTH, description="The month of the opening, in UTC: 2026-11"
    )
    created_from: Moment | None = Field(default=None, description="Those opened then or later")
    created_before: Moment | None = Field(default=None, description="Those opened before")
    tag: str | None = Field(default=None, max_length=50)
    nobody: bool = Field(default=False, description="Those without a responsible")
    late: bool = Field(default=False, description="Those not closed and behind a deadline")
    custom: CustomAsked | None = Field(
        default=None,
        description='Fields of the kind by code, as JSON: {"serial": "X1"}; a person by his number',
    )


class CaseFilter(CaseConditions):
    """Which cases to list, and in which order."""

    sort: Sort = "newest"
    cursor: Cursor | None = Field(
        default=None, description="The `next` of the page before, or the `previous` of one behind"
    )
    limit: Limit = 50


class CaseCountFilter(CaseConditions):
    """Which cases to count, and by what."""

    by: Cut = "state"
    then: Cut | None = Field(default=None, description="What each group is cut by once more")


class CaseList(Part):
    """Cases, and the cursors of the pages behind and before."""

    items: list[CaseSnapshot]
    next: str | None
    previous: str | None = None


class MessageList(Part):
    """Entries of a discussion, the first first, and the cursor of the next page."""

    items: list[DiscussionEntry]
    next: str | None


class HistoryList(Part):
    """Entries of a history, the first first, and the cursor of the next page."""

    items: list[HistoryEntry]
    next: str | None

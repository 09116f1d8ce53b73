"""Mails, as the API answers them and takes what is asked of them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.contracts.envelope import Part
from services.contracts.mail_lists import (
    MailAct,
    MailFilter,
    MailLine,
    MailStatus,
    OutgoingAct,
    OutgoingLine,
)
from services.web.api.schemas.base import Cursor, Given, Id, Limit

UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
NEXT = "The `next` of the page before"


class MailListQuery(Given):
    """Which mails; all that is given must hold."""

    q: str = Field(default="", max_length=200, description="Beginnings of words in sender, subject")
    account: str = Field(default="", max_length=100)
    status: MailStatus | None = None
    case_number: Id | None = None
    message_number: Id | None = Field(default=None, description="An entry of that case")
    cursor: Cursor | None = Field(default=None, pattern=UUID, description=NEXT)
    limit: Limit = 50


class MailList(Part):
    """A page of mails; `next` is the cursor of the following one."""

    items: list[MailLine]
    next: str | None = None


class MailFilterList(Part):
    """The filters in their order, and the cursor of the next page."""

    items: list[MailFilter]
    next: str | None = None


class MailDecision(Given):
    """What to do with a mail: try it again, let it in, or make a case of it."""

    act: MailAct


class OutgoingListQuery(Given):
    """Those that wait, or those given up."""

    status: Literal["waiting", "failed"] = "waiting"
    cursor: Cursor | None = Field(default=None, max_length=100, description=NEXT)
    limit: Limit = 50


class OutgoingMailList(Part):
    """A page of the outgoing queue; `next` is the cursor of the following one."""

    items: list[OutgoingLine]
    next: str | None = None


class OutgoingDecision(Given):
    """What to do with a mail of the queue: try it again at once, or give it up."""

    act: OutgoingAct

"""The partners' portal: what a contact may do by a link, and all that he is ever shown.

What is not in these models leaves the cases service by no link: the web cannot show it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.contracts.envelope import Command, Part
from services.contracts.mail import Attachment

LONGEST_TEXT = 200_000
MOST_FILES = 50

PortalState = Literal["received", "in_work", "waiting", "closed"]


class PortalEntry(Part):
    """A mail from or to the contact. `confirmed`: we know that it came from whom it says."""

    author: str
    from_us: bool
    is_yours: bool
    confirmed: bool = True
    at: datetime
    text: str
    attachments: tuple[Attachment, ...] = ()


class PortalCase(Part):
    """A case as its contact sees it: no notes, no fields that are ours alone."""

    number: int
    subject: str
    state: PortalState
    opened_at: datetime
    entries: tuple[PortalEntry, ...] = ()
    may_close: bool = False


class PortalLine(Part):
    """A case in the list of all cases of a contact, with the token that opens it."""

    number: int
    subject: str
    state: PortalState
    opened_at: datetime
    token: str


class PortalView(Part):
    """What a link opens: one case, or the list. RPC `portal_view(token)`.

    `language` is a code of ISO 639, `section` the name above the page. NotFound for a link that
    is not ours, has ended or was ended, or whose case has another contact now.
    """

    language: str
    section: str
    case: PortalCase | None = None
    cases: tuple[PortalLine, ...] | None = None


class AnswerByPortal(Command):
    """The contact writes on his case, as by mail. RPC `portal_answer`; answers a PortalPlace.

    `attachments` were put into the file store before.
    """

    token: str
    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    attachments: tuple[Attachment, ...] = Field(default=(), max_length=MOST_FILES)


class CloseByPortal(Command):
    """The contact closes his case. RPC `portal_close`; answers a PortalPlace.

    A case that is closed already stays as it is.
    """

    token: str


class AskForCases(Command):
    """Mails the contact a link to all his cases. RPC `portal_ask_for_cases`; a PortalPlace."""

    token: str


class EndPortalLinks(Command):
    """Ends every link to the case given out so far. RPC `end_portal_links`; answers the case."""

    number: int


class CarriedOut(Part):
    """The case that a command of the portal was carried out on."""

    number: int


class PortalPlace(Part):
    """Where the contact goes on: the token of the case that his words stand on."""

    token: str

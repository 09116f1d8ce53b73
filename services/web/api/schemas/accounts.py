"""Mail accounts, as the API takes and answers them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.contracts.envelope import Part
from services.contracts.mail import NewCaseDefaults
from services.web.api.schemas.base import Given
from services.web.clients.mailgw import IncomingAccount, OutgoingAccount

Direction = Literal["incoming", "outgoing"]


class _GivenAccount(Given):
    """What both kinds share."""

    id: str = Field(default="", max_length=100, description="Of the one to change; empty adds one")
    name: str = Field(min_length=1, max_length=100, pattern=r"^[^/]+$")
    server: str = Field(default="", max_length=255)
    port: int = Field(default=0, ge=0, le=65535, description="0 for the usual one")
    security: Literal["none", "starttls", "tls"] = "tls"
    login: str = Field(default="", max_length=320)
    password: str | None = Field(default=None, description="Left out, it stays as it was")
    address: str = Field(default="", max_length=320)


class GivenIncoming(_GivenAccount):
    """A mailbox to fetch from. It is used once approved."""

    protocol: Literal["imap", "pipe"] = "imap"
    folder: str = "INBOX"
    keep_attachments: bool = True
    new_case: NewCaseDefaults = NewCaseDefaults()


class GivenOutgoing(_GivenAccount):
    """A server to send by. It is used once approved."""

    server: str = Field(min_length=1, max_length=255)
    address: str = Field(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")


class IncomingList(Part):
    """Accounts that mails come from; all are on one page."""

    items: list[IncomingAccount]
    next: str | None = None


class OutgoingList(Part):
    """Accounts that mails go out by; all are on one page."""

    items: list[OutgoingAccount]
    next: str | None = None


class Fetch(Given):
    """Which account to fetch from; all of them when none is named."""

    name: str | None = Field(default=None, max_length=100)


class Fetched(Part):
    """How many mails were stored, and which accounts failed and why."""

    stored: int
    failed: dict[str, str]


class Tested(Part):
    """Whether the connection works; why not, in words."""

    ok: bool
    why: str = ""

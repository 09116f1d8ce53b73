"""Mail accounts, as the API takes and answers them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.contracts.cases import Priority
from services.contracts.envelope import Part
from services.web.api.schemas.base import Given
from services.web.clients.accounts import IncomingAccount, OutgoingAccount


class _GivenAccount(Given):
    """What both kinds share. A secret that is left out stays as it was."""

    id: str = Field(default="", max_length=100, description="Of the one to change; empty adds one")
    name: str = Field(min_length=1, max_length=100, pattern=r"^[^/]+$")
    server: str = Field(default="", max_length=255)
    port: int = Field(default=0, ge=0, le=65535, description="0 for the usual one")
    security: Literal["none", "starttls", "tls"] = "tls"
    certificate: str = Field(
        default="",
        max_length=20_000,
        description="PEM: the server's own, or its authority's, where the usual ones do not do",
    )
    sign_in: Literal["password", "oauth2"] = "password"
    login: str = Field(default="", max_length=320)
    password: str | None = Field(default=None, description="Left out, it stays as it was")
    token_url: str = Field(default="", max_length=500, description="OAuth2: where tokens come from")
    client_id: str = Field(default="", max_length=500)
    client_secret: str | None = Field(default=None, description="Left out, it stays as it was")
    refresh_token: str | None = Field(default=None, description="Left out, it stays as it was")
    scope: str = Field(default="", max_length=500)
    address: str = Field(default="", max_length=320)


class GivenNewCase(Given):
    """What a new mail becomes; with a template its sender gets an automatic reply."""

    kind: str = "helpdesk"
    section_id: int | None = None
    category_id: int | None = None
    priority: Priority = "normal"
    reply_template_id: int | None = None


class GivenIncoming(_GivenAccount):
    """A mailbox to fetch from. It is used once approved."""

    protocol: Literal["imap", "pop3", "pipe"] = "imap"
    folder: str = Field(default="INBOX", min_length=1, max_length=255)
    after_fetch: Literal["seen", "move", "delete"] = "seen"
    move_to: str = Field(default="", max_length=255, description="A folder, with `move`")
    push: bool = Field(default=True, description="Wait for new mail by IMAP IDLE")
    keep_attachments: bool = True
    spam: Literal["hold", "take"] = "hold"
    trusted_host: str = Field(
        default="",
        max_length=255,
        description="The own mail server's name in its Authentication-Results",
    )
    answered_by: str = Field(default="", max_length=100, description="An outgoing account's name")
    new_case: GivenNewCase = GivenNewCase()


class GivenOutgoing(_GivenAccount):
    """A server to send by. It is used once approved."""

    server: str = Field(min_length=1, max_length=255)
    address: str = Field(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")
    most_megabytes: int = Field(
        default=20, ge=0, le=100, description="Of attachments in a mail; larger ones are left out"
    )
    dkim_selector: str = Field(default="", max_length=100)
    dkim_key: str | None = Field(
        default=None, description="RSA or Ed25519, PEM; left out, it stays as it was"
    )


class ListedIncoming(IncomingAccount):
    """An account that mails come from, and what keeps its new cases from reaching somebody."""

    warnings: list[str] = Field(default_factory=list)


class IncomingList(Part):
    """Accounts that mails come from, and the cursor of the next page."""

    items: list[ListedIncoming]
    next: str | None = None


class OutgoingList(Part):
    """Accounts that mails go out by, and the cursor of the next page."""

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

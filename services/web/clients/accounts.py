"""Mail accounts as the gateway shows them: their secrets never leave it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.contracts.mail import NewCaseDefaults

Direction = Literal["incoming", "outgoing"]


class Fares(BaseModel):
    """How an account fares: `passed` mails were stored from it, or taken by its server."""

    last_success_at: datetime | None = None
    last_error_at: datetime | None = None
    last_error: str = ""
    passed: int = 0
    failures: int = 0

    @property
    def is_failing(self) -> bool:
        """Whether the last that was heard of it is an error."""
        if self.last_error_at is None:
            return False
        return self.last_success_at is None or self.last_success_at <= self.last_error_at


class Account(BaseModel):
    """What both kinds of account show."""

    model_config = ConfigDict(extra="ignore")

    id: str = ""
    name: str
    server: str = ""
    port: int = 0
    security: Literal["none", "starttls", "tls"] = "tls"
    certificate: str = ""
    sign_in: Literal["password", "oauth2"] = "password"
    login: str = ""
    token_url: str = ""
    client_id: str = ""
    scope: str = ""
    has_password: bool = False
    has_client_secret: bool = False
    has_refresh_token: bool = False
    address: str = ""
    approved: bool = False
    fares: Fares | None = None


class IncomingAccount(Account):
    """A mailbox that is fetched, or a name under which mails are piped in."""

    protocol: Literal["imap", "pop3", "pipe"] = "imap"
    folder: str = "INBOX"
    after_fetch: Literal["seen", "move", "delete"] = "seen"
    move_to: str = ""
    push: bool = True
    keep_attachments: bool = True
    spam: Literal["hold", "take"] = "hold"
    trusted_host: str = ""
    answered_by: str = ""
    new_case: NewCaseDefaults = NewCaseDefaults()


class OutgoingAccount(Account):
    """An SMTP server and the address that mails carry."""

    most_megabytes: int = 20
    dkim_selector: str = ""
    has_dkim_key: bool = False

"""Accounts: where mails come from, and what they go out by."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from services.contracts.mail import NewCaseDefaults

Security = Literal["none", "starttls", "tls"]
PIPE = "pipe"


class _Account(BaseModel):
    """What both kinds share. `id` is empty until saved; a password left out stays as it was."""

    model_config = ConfigDict(extra="forbid")

    id: str = ""
    name: str = Field(min_length=1, max_length=100)
    server: str = Field(default="", max_length=255)
    port: int = Field(default=0, ge=0, le=65535)
    security: Security = "tls"
    login: str = ""
    password: SecretStr | None = None
    address: str = Field(default="", max_length=320)
    approved: bool = False


class IncomingAccount(_Account):
    """A mailbox that is fetched by IMAP, or a name under which mails are piped in."""

    protocol: Literal["imap", "pipe"] = "imap"
    folder: str = "INBOX"
    keep_attachments: bool = True
    new_case: NewCaseDefaults = NewCaseDefaults()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.protocol == "imap" and not self.server:
            raise ValueError("an IMAP account needs a server")
        if self.port == 0:
            self.port = 993 if self.security == "tls" else 143
        return self


class OutgoingAccount(_Account):
    """An SMTP server and the address that mails carry; used only once approved."""

    server: str = Field(min_length=1, max_length=255)
    address: str = Field(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.port == 0:
            self.port = {"tls": 465, "starttls": 587, "none": 25}[self.security]
        return self


def pipe_account() -> IncomingAccount:
    """The account of mails handed over by pipe when none of that name is configured."""
    return IncomingAccount(name=PIPE, protocol="pipe", approved=True)

"""Accounts: where mails come from, and what they go out by."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from services.contracts.mail import NewCaseDefaults

Security = Literal["none", "starttls", "tls"]
Direction = Literal["incoming", "outgoing"]
# What a server is reached by: a change of these has to be approved again.
CONNECTION = ("protocol", "server", "port", "security", "login", "folder", "address")


class _Account(BaseModel):
    """What both kinds share. `id` is empty until saved.

    `password` is only ever given, never read back: `has_password` tells whether there is one.
    """

    model_config = ConfigDict(extra="forbid")

    id: str = ""
    name: str = Field(min_length=1, max_length=100)
    server: str = Field(default="", max_length=255)
    port: int = Field(default=0, ge=0, le=65535)
    security: Security = "tls"
    login: str = Field(default="", max_length=320)
    password: SecretStr | None = None
    has_password: bool = False
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
    address: str = Field(min_length=3, max_length=320, pattern=r"^[^@\s<>]+@[^@\s<>]+$")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.port == 0:
            self.port = {"tls": 465, "starttls": 587, "none": 25}[self.security]
        return self


Account = IncomingAccount | OutgoingAccount


def pipe_account(name: str) -> IncomingAccount:
    """The account of mails handed over by pipe under a name that is not configured."""
    return IncomingAccount(name=name, protocol="pipe", approved=True)

"""Accounts: where mails come from, and what they go out by."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from services.contracts.mail import NewCaseDefaults

Security = Literal["none", "starttls", "tls"]
Direction = Literal["incoming", "outgoing"]
# What a server is reached by: a change of these has to be approved again.
CONNECTION = (
    *("protocol", "server", "port", "security", "certificate", "sign_in", "login"),
    *("token_url", "client_id", "folder", "address"),
)
# Given, kept encrypted, and never read back: `has_password` … tell whether there is one.
SECRETS = ("password", "client_secret", "refresh_token", "dkim_key")
FETCHED = ("imap", "pop3")
_PORTS = {("imap", True): 993, ("imap", False): 143, ("pop3", True): 995, ("pop3", False): 110}


class _Account(BaseModel):
    """What both kinds share. `id` is empty until saved.

    `certificate` (PEM) is what the server has to show, or an authority that signed it, where
    the usual authorities do not vouch for it. With `sign_in` "oauth2" the `token_url` gives an
    access token for the `refresh_token` (RFC 6749 §6), and the server gets it by XOAUTH2.
    """

    model_config = ConfigDict(extra="forbid")

    id: str = ""
    name: str = Field(min_length=1, max_length=100)
    server: str = Field(default="", max_length=255)
    port: int = Field(default=0, ge=0, le=65535)
    security: Security = "tls"
    certificate: str = Field(default="", max_length=20_000)
    sign_in: Literal["password", "oauth2"] = "password"
    login: str = Field(default="", max_length=320)
    token_url: str = Field(default="", max_length=500)
    client_id: str = Field(default="", max_length=500)
    scope: str = Field(default="", max_length=500)
    password: SecretStr | None = None
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None
    has_password: bool = False
    has_client_secret: bool = False
    has_refresh_token: bool = False
    address: str = Field(default="", max_length=320)
    approved: bool = False


class IncomingAccount(_Account):
    """A mailbox that is fetched by IMAP or POP3, or a name under which mails are piped in.

    What has been stored is marked seen, or moved to the folder `move_to`, or deleted; a POP3
    server knows only leaving (seen) and deleting. With `push` an IMAP server tells of new mail
    at once (RFC 2177). `answered_by` is the outgoing account that answers. Mail that a filter
    of its server flagged as spam is held in quarantine, or taken in. `trusted_host` is the name
    by which the own mail server signs its Authentication-Results (RFC 8601 §2.2).
    """

    protocol: Literal["imap", "pop3", "pipe"] = "imap"
    folder: str = Field(default="INBOX", min_length=1, max_length=255)
    after_fetch: Literal["seen", "move", "delete"] = "seen"
    move_to: str = Field(default="", max_length=255)
    push: bool = True
    keep_attachments: bool = True
    spam: Literal["hold", "take"] = "hold"
    trusted_host: str = Field(default="", max_length=255)
    answered_by: str = Field(default="", max_length=100)
    new_case: NewCaseDefaults = NewCaseDefaults()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.protocol in FETCHED and not self.server:
            raise ValueError(f"an {self.protocol.upper()} account needs a server")
        if self.port == 0:
            self.port = _PORTS.get((self.protocol, self.security == "tls"), 0)
        return self

    @property
    def is_fetched(self) -> bool:
        """Whether there is a mailbox to fetch it from."""
        return self.protocol in FETCHED


class OutgoingAccount(_Account):
    """An SMTP server and the address that mails carry; used only once approved.

    With a `dkim_selector` and its key mails are signed for the address's domain (RFC 6376).
    Attachments of one mail that are larger together than `most_megabytes` are left out.
    """

    server: str = Field(min_length=1, max_length=255)
    address: str = Field(min_length=3, max_length=320, pattern=r"^[^@\s<>]+@[^@\s<>]+$")
    dkim_selector: str = Field(default="", max_length=100)
    dkim_key: SecretStr | None = None
    has_dkim_key: bool = False
    most_megabytes: int = Field(default=20, ge=0, le=100)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.port == 0:
            self.port = {"tls": 465, "starttls": 587, "none": 25}[self.security]
        return self


Account = IncomingAccount | OutgoingAccount


def pipe_account(name: str) -> IncomingAccount:
    """The account of mails handed over by pipe under a name that is not configured."""
    return IncomingAccount(name=name, protocol="pipe", approved=True)

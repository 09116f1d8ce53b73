"""An incoming mail as parsed: frozen, every field a claim of whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.contracts.invitations import Invitation
from services.contracts.mail import Address


@dataclass(frozen=True)
class MailPart:
    """An attachment: part `part` of the raw mail, counted by `parts.leaves`, with its bytes."""

    part: int
    filename: str
    content_type: str
    size_bytes: int
    content_id: str = ""
    charset: str = ""
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class DeliveryReport:
    """What a delivery report (RFC 3464) says: of which mail, for whom, and what happened to it.

    `message_id` is empty when it names no mail. `action` is failed, delayed, delivered, relayed
    or expanded.
    """

    message_id: str
    recipients: tuple[str, ...]
    action: str
    why: str


@dataclass(frozen=True)
class Receipt:
    """What a disposition notification (RFC 8098) says: of which mail, and what its reader did.

    `message_id` is empty when it names none; `disposition` is displayed, deleted …
    """

    message_id: str
    disposition: str


@dataclass(frozen=True)
class Mail:
    """A mail as parsed.

    `headers` holds every value of each header, decoded, by lower-case name. `text` is
    new, `quoted` is what the sender repeated, `html` is sanitised. Message-IDs carry
    their angle brackets. `authentication_results` is what `trusted_host` found when it came in.
    """

    headers: Mapping[str, tuple[str, ...]]
    message_id: str
    sender: Address
    content_type: str = "text/plain"
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date_claimed: datetime | None = None
    subject: str = ""
    text: str = ""
    quoted: str = ""
    html: str | None = None
    attachments: tuple[MailPart, ...] = ()
    invitation: Invitation | None = None
    report: DeliveryReport | None = None
    receipt: Receipt | None = None
    own_addresses: frozenset[str] = field(default_factory=frozenset)
    trusted_host: str = ""
    authentication_results: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The first value of a header, or an empty text."""
        values = self.headers.get(name.lower(), ())
        return values[0] if values else ""

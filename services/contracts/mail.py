"""What the mail gateway announces, and the mails it is ordered to send."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from services.contracts.cases import Priority
from services.contracts.envelope import Envelope, Part
from services.contracts.invitations import CalendarPart, Invitation


class Address(Part):
    """A mail address with the name that stood beside it; a claim by whoever wrote the mail."""

    address: str
    name: str = ""


class Attachment(Part):
    """A file beside a message; its bytes are in the file store under `sha256`, never in a message.

    Where `sha256` is empty (kept by an older release) it is part `part` of the raw mail
    `mail_id`. What was uploaded came by no mail. `charset` is that of a text, as its sender
    named it.
    """

    mail_id: str = ""
    part: int = 0
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    filename: str
    content_type: str
    size_bytes: int
    content_id: str = ""
    charset: str = ""


class Verdict(Part):
    """What one filter of the incoming pipeline said of a mail, and why."""

    filter: str
    outcome: str
    why: str = ""


class NewCaseDefaults(Part):
    """What a new mail to an account becomes.

    A person who opens a case by it gets the template `reply_template_id` as an automatic
    reply, where there is one. Mails about the case come from `answer_from` when its section
    has no reply address.
    """

    kind: str = "helpdesk"
    section_id: int | None = None
    category_id: int | None = None
    priority: Priority = "normal"
    reply_template_id: int | None = None
    answer_from: str = ""


class MailReceivedData(Part):
    """A mail as parsed. All but `received_at`, `mail_id` and `account` is a stranger's claim.

    `text` is what the sender wrote newly, `quoted` what he quoted. `html` is sanitised.
    `case_number` is the [101] of the subject; `reply_token` what stood behind the + of one of
    our addresses it was sent to. Message-IDs carry their angle brackets. `automatic` is true
    for what no person wrote (RFC 3834, bulk, null sender); `out_of_office`, `receipt` (it was
    read, RFC 8098) and `returned` (a delivery report, but of no mail of ours that failed) say
    which of these; `disposition` is what a receipt says was done with the mail: displayed,
    deleted … `wants_no_reply`: a person may have written it, but no program may answer.
    `authentication` is what a host that we trust found of the sender's domain (RFC 8601);
    empty when none told. `forced`: an operator wants a case made of what would be set aside.
    """

    mail_id: str
    account: str
    own_addresses: tuple[str, ...] = ()
    received_at: datetime
    date_claimed: datetime | None = None
    message_id: str
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    case_number: int | None = None
    reply_token: str = ""
    sender: Address
    authentication: Literal["", "pass", "fail"] = ""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    text: str = ""
    quoted: str = ""
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False
    wants_no_reply: bool = False
    out_of_office: bool = False
    receipt: bool = False
    disposition: str = ""
    returned: bool = False
    forced: bool = False
    invitation: Invitation | None = None
    new_case: NewCaseDefaults = NewCaseDefaults()
    verdicts: tuple[Verdict, ...] = ()


class MailReceived(Envelope):
    TYPE: ClassVar[str] = "mail.received"
    type: Literal["mail.received"] = "mail.received"
    data: MailReceivedData


class Quotation(Part):
    """What a mail of ours answers: shown below its text, quoted."""

    author: str
    at: datetime
    text: str


class PortalLink(Part):
    """A link into the partners' portal for one recipient of a mail; nobody else gets it.

    `token` is a capability: whoever has it may do what its contact may. `opens` one case, or
    the list of all `cases` of that contact.
    """

    address: str
    token: str
    opens: Literal["case", "cases"] = "case"


class MailSendData(Part):
    """A mail to send, complete: the gateway asks nobody back.

    `sender` is the section's reply address with the name to show; when the address is
    empty the gateway uses its first approved outgoing account. Answers go to `reply_to`, where
    given. `signature`, `portal` and `quotation` stand below the text, in the words of
    `language` (a code of ISO 639). `message_id` is derived from the command's id by
    `message_id_for`. One about a user's "account", and one with a "report", belongs to no case;
    the text of the former is forgotten once it is sent. With a `calendar` it invites to a
    meeting (RFC 6047).
    """

    purpose: Literal[
        "reply",
        "pass_on",
        "copy",
        "reminder",
        "template",
        "portal",
        "account",
        "invitation",
        "report",
    ]
    message_id: str
    sender: Address
    reply_to: Address | None = None
    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    subject: str
    text: str
    signature: str = ""
    portal: PortalLink | None = None
    quotation: Quotation | None = None
    language: str = "en"
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False
    message_number: int | None = None
    calendar: CalendarPart | None = None


class MailSend(Envelope):
    TYPE: ClassVar[str] = "mail.send"
    type: Literal["mail.send"] = "mail.send"
    data: MailSendData


class MailOutcome(Part):
    """What became of a `mail.send`: `command_id` is its id.

    `why` says why it did not arrive, or of one that did what it went without.
    """

    command_id: str
    message_id: str
    recipients: tuple[str, ...] = ()
    message_number: int | None = None
    why: str = ""


class MailSent(Envelope):
    TYPE: ClassVar[str] = "mail.sent"
    type: Literal["mail.sent"] = "mail.sent"
    data: MailOutcome


class MailBounced(Envelope):
    """A mail that could not be delivered: refused at once, or returned later (RFC 3464)."""

    TYPE: ClassVar[str] = "mail.bounced"
    type: Literal["mail.bounced"] = "mail.bounced"
    data: MailOutcome


class QuarantineData(Part):
    """A mail kept whole because it could not be read."""

    mail_id: str
    account: str
    why: str


class MailQuarantined(Envelope):
    TYPE: ClassVar[str] = "mail.quarantined"
    type: Literal["mail.quarantined"] = "mail.quarantined"
    data: QuarantineData


def message_id_for(command_id: str, sender_address: str) -> str:
    """The Message-ID (RFC 5322 §3.6.4) of the mail that command orders, in the sender's domain.

    Derived, so that whoever orders a mail knows its id before it is sent, and a second
    attempt carries the same one.
    """
    domain = sender_address.rpartition("@")[2] or "casewire.invalid"
    return f"<casewire.{command_id}@{domain.lower()}>"

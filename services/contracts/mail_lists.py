"""What operators ask about mails, get to see of them, and do with them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.contracts.envelope import Part
from services.contracts.mail import Verdict

# Waiting to be looked into; handed to the cases service; from an account of ours; put on no
# case; kept whole because it cannot be read, or was flagged as spam.
MailStatus = Literal["stored", "filed", "own", "aside", "quarantined"]
MailAct = Literal["again", "let_in", "make_case"]
OutgoingAct = Literal["again", "give_up"]
LONGEST_ID = 36


class MailQuestion(Part):
    """Which mails, the newest first; all that is given must hold.

    `q` are beginnings of words in sender or subject; `message_number` an entry of the case.
    """

    q: str = Field(default="", max_length=200)
    account: str = Field(default="", max_length=100)
    status: MailStatus | None = None
    case_number: int | None = Field(default=None, ge=1, le=2**31 - 1)
    message_number: int | None = Field(default=None, ge=1, le=2**31 - 1)
    cursor: str | None = Field(default=None, max_length=LONGEST_ID)
    limit: int = Field(default=50, ge=1, le=200)


class MailLine(Part):
    """A mail that came in. Sender, subject and Message-ID are claims; None where unreadable.

    `filed` says how its case was found (contracts/filing.py), or that it is a `report` on a mail
    of ours; None until the cases service has told. `size_bytes` is that of the whole mail.
    """

    id: str
    account: str
    received_at: datetime
    size_bytes: int
    status: MailStatus
    sender: str | None = None
    subject: str | None = None
    message_id: str | None = None
    filed: str | None = None
    filed_why: str | None = None
    case_number: int | None = None
    message_number: int | None = None
    why: str = ""


class OperatorAct(Part):
    """What somebody did with a mail."""

    at: datetime
    act: str
    user_name: str


class MailView(MailLine):
    """A mail with its walk: each filter's verdict in their order, and what operators did.

    `may` are the acts that are open now. Since `dropped_at` its original is not kept any more.
    """

    attempts: int = 0
    verdicts: tuple[Verdict, ...] = ()
    acts: tuple[OperatorAct, ...] = ()
    may: tuple[MailAct, ...] = ()
    dropped_at: datetime | None = None


class MailFilter(Part):
    """One filter of the pipeline, and what it asks of a mail."""

    name: str
    asks: str


class MailSource(Part):
    """The beginning of a mail as it came, as text; `cut` when there is more of it."""

    headers: str
    body: str
    cut: bool


class OutgoingQuestion(Part):
    """Which mails of the outgoing queue: those that wait, the next one due first; or those
    given up, the newest first."""

    status: Literal["waiting", "failed"] = "waiting"
    cursor: str | None = Field(default=None, max_length=100)
    limit: int = Field(default=50, ge=1, le=200)


class OutgoingLine(Part):
    """A mail of the outgoing queue. `to` are whom it still has to reach, or did not reach."""

    id: str
    status: Literal["queued", "sending", "failed"]
    ordered_at: datetime
    sender: str
    to: tuple[str, ...]
    subject: str
    case_number: int | None = None
    attempts: int
    next_attempt_at: datetime
    why: str = ""
    acts: tuple[OperatorAct, ...] = ()

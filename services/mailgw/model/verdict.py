"""What one filter says of a mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Verdict:
    """A filter's answer in words (`outcome`, `why`), and what follows from it.

    `own` keeps the mail from being published; `spam` holds it in quarantine until an operator
    lets it in, unless its account takes such in. `bounced` is the Message-ID of the mail that
    came back; `reported` says that it is a delivery report, whichever; `receipt` that it tells
    of the reading of a mail; `unanswered` that its sender wants no automatic reply.
    """

    filter: str
    outcome: str
    why: str = ""
    automatic: bool = False
    out_of_office: bool = False
    own: bool = False
    spam: bool = False
    case_number: int | None = None
    reply_token: str = ""
    authentication: Literal["", "pass", "fail"] = ""
    bounced: str | None = None
    reported: bool = False
    receipt: bool = False
    unanswered: bool = False

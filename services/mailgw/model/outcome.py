"""What an SMTP server did with a mail, recipient by recipient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """Who got it; a reason for each who gets it later, and for each who never will."""

    delivered: list[str] = field(default_factory=list)
    later: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def refuse(self, recipients: Iterable[str], code: int, answer: str) -> None:
        """Sort these by the server's refusal: for good from 500 on (RFC 5321 §4.2.1)."""
        side = self.failed if code >= 500 else self.later
        side.update(dict.fromkeys(recipients, f"{code} {answer}"))

    def unanswered(self, recipients: Iterable[str]) -> list[str]:
        """Those of whom the server has said nothing."""
        answered = {*self.delivered, *self.later, *self.failed}
        return [one for one in recipients if one not in answered]

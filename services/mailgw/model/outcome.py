"""What an SMTP server did with a mail, recipient by recipient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.mailgw.model.reply_code import is_for_later


@dataclass
class Outcome:
    """Who got it; a reason for each who gets it later, and for each who never will.

    `handed_over` is how many mails the server took for them: one of them may have other words.
    """

    delivered: list[str] = field(default_factory=list)
    later: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    handed_over: int = 0

    def refuse(
        self, recipients: Iterable[str], code: int, answer: str, *, of_recipient: bool = False
    ) -> None:
        """Sort these by the server's refusal; `of_recipient`: it was of the address itself."""
        later = is_for_later(code, answer, of_recipient=of_recipient)
        side = self.later if later else self.failed
        side.update(dict.fromkeys(recipients, f"{code} {answer}"))

    def add(self, other: Outcome) -> None:
        """What became of the same mail with other recipients."""
        self.delivered += other.delivered
        self.later |= other.later
        self.failed |= other.failed
        self.handed_over += bool(other.delivered)

    def unanswered(self, recipients: Iterable[str]) -> list[str]:
        """Those of whom the server has said nothing."""
        answered = {*self.delivered, *self.later, *self.failed}
        return [one for one in recipients if one not in answered]

"""What an answer, or that there was none, means for a delivery and for its webhook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Literal

from services.web.webhooks.pauses import LONGEST_PAUSE, pause_after, rest_after

LONGEST_WORDS = 300


@dataclass(frozen=True)
class Answered:
    """How one try went: the status, or None and why there was none, in words.

    `wait` is how long the receiver asks us to wait (Retry-After, RFC 9110 §10.2.3).
    """

    status: int | None
    why: str = ""
    wait: timedelta | None = None

    @property
    def delivered(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def words(self) -> str:
        """What was wrong, in words; empty when nothing was."""
        if self.delivered:
            return ""
        return (self.why or _status_words(self.status or 0))[:LONGEST_WORDS]


@dataclass(frozen=True)
class Outcome:
    """What becomes of a delivery: where it waits, until when."""

    kind: Literal["delivered", "failed", "given_up", "gone"]
    next_try_at: datetime | None = None


def outcome(
    answered: Answered, tries: int, give_up_at: datetime, at: datetime, luck: float
) -> Outcome:
    """What follows from the answer to the try of this number (from 1) at this moment."""
    if answered.delivered:
        return Outcome("delivered")
    if answered.status == HTTPStatus.GONE:
        return Outcome("gone")
    pause = pause_after(tries, luck)
    if answered.wait is not None:
        pause = max(pause, min(answered.wait, LONGEST_PAUSE))
    following = at + pause
    return Outcome("failed", following) if following < give_up_at else Outcome("given_up")


def rests_until(failures: int, answered: Answered, at: datetime, luck: float) -> datetime | None:
    """Until when a webhook rests after so many failures in a row, the last one with this answer."""
    rest = rest_after(failures, luck)
    if answered.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        wanted = min(answered.wait, LONGEST_PAUSE) if answered.wait else None
        rest = max(filter(None, (rest, wanted)), default=None)
    return at + rest if rest is not None else None


def _status_words(status: int) -> str:
    if 300 <= status < 400:
        return f"it answers {status}: give the address that it leads to"
    known = {one.value: one.phrase for one in HTTPStatus}
    return f"it answers {status} {known.get(status, '')}".rstrip()

"""Bounds on what programs of ours write to one address, so that no loop goes on (M10, M12)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

WINDOW = timedelta(hours=3)
MOST_MAILS = 10
MOST_OF_A_SUBJECT = 2
MOST_SUBJECT_CHARACTERS = 500
_ANSWER = re.compile(r"^\s*(?:(?:re|aw|fwd?|wg)(?:\[\d+\])?\s?:\s*)+", re.IGNORECASE)


def subject_key(subject: str) -> str:
    """What makes two subjects the same: not case, nor blanks, nor how often it was answered.

    The number of the case stays in it: three cases of one customer may each be confirmed to him.
    """
    return " ".join(_ANSWER.sub("", subject).split()).casefold()[:MOST_SUBJECT_CHARACTERS]


class LoopGuard:
    """Counts automatic mails; begins with those of the last three hours, address and key each."""

    def __init__(self, recent: Iterable[tuple[str, str]] = ()) -> None:
        self._mails: Counter[str] = Counter()
        self._subjects: Counter[tuple[str, str]] = Counter()
        for address, key in recent:
            self._count(address.lower(), key)

    def admit(self, address: str, subject: str) -> str | None:
        """None, and the mail counts; or why it must not be sent, and it does not."""
        address, key = address.lower(), subject_key(subject)
        hours = WINDOW.total_seconds() / 3600
        if self._mails[address] >= MOST_MAILS:
            return f"held back: {address} got {MOST_MAILS} automatic mails within {hours:g} hours"
        if self._subjects[address, key] >= MOST_OF_A_SUBJECT:
            return (
                f"held back: {address} got {MOST_OF_A_SUBJECT} automatic mails "
                f"with this subject within {hours:g} hours"
            )
        self._count(address, key)
        return None

    def _count(self, address: str, key: str) -> None:
        self._mails[address] += 1
        self._subjects[address, key] += 1

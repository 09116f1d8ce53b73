"""Bounds on what programs of ours write to one address, so that no loop goes on (M10, M12)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

WINDOW = timedelta(hours=3)
MOST_MAILS = 10
MOST_OF_A_SUBJECT = 2
# Copies that a rule sends to somebody outside carry what people wrote: an expert may get many.
# But a robot that answers each with a new letter would go on for ever.
MOST_COPIES = 60
MOST_SUBJECT_CHARACTERS = 500
_COPY = "copy \x1f"  # no subject has this sign
_ANSWER = re.compile(r"^\s*(?:(?:re|aw|fwd?|wg)(?:\[\d+\])?\s?:\s*)+", re.IGNORECASE)


def subject_key(subject: str) -> str:
    """What makes two subjects the same: not case, nor blanks, nor how often it was answered.

    The number of the case stays in it: three cases of one customer may each be confirmed to him.
    """
    return " ".join(_ANSWER.sub("", subject).split()).casefold()[:MOST_SUBJECT_CHARACTERS]


def counted_as(subject: str, *, copy: bool) -> str:
    """What an automatic mail is remembered by: its subject, copies apart from all others."""
    return (_COPY if copy else "") + subject_key(subject)


class LoopGuard:
    """Counts automatic mails; begins with those of the last three hours, address and key each."""

    def __init__(self, recent: Iterable[tuple[str, str]] = ()) -> None:
        self._mails: Counter[tuple[str, bool]] = Counter()
        self._subjects: Counter[tuple[str, str]] = Counter()
        for address, key in recent:
            self._count(address.lower(), key)

    def admit(self, address: str, subject: str, *, copy: bool = False) -> str | None:
        """None, and the mail counts; or why it must not be sent, and it does not."""
        address, key = address.lower(), counted_as(subject, copy=copy)
        hours = WINDOW.total_seconds() / 3600
        most, what = (MOST_COPIES, "copies") if copy else (MOST_MAILS, "automatic mails")
        if self._mails[address, copy] >= most:
            return f"held back: {address} got {most} {what} within {hours:g} hours"
        if self._subjects[address, key] >= MOST_OF_A_SUBJECT:
            return (
                f"held back: {address} got {MOST_OF_A_SUBJECT} {what} "
                f"with this subject within {hours:g} hours"
            )
        self._count(address, key)
        return None

    def _count(self, address: str, key: str) -> None:
        self._mails[address, key.startswith(_COPY)] += 1
        self._subjects[address, key] += 1

"""Which mail comes next: its kind, its bytes, and the mail of ours that it answers."""

from __future__ import annotations

import hashlib
import random
from collections import deque
from dataclasses import dataclass

from builders.flood_mails import absence, broken, spam
from builders.storm_mails import (
    answer_by_address,
    answer_by_number,
    answer_by_references,
    answer_whole,
    opening,
    returned,
    written_again,
)
from faults.storm.office import PARTNERS, known_customer
from support.mail_office import read
from support.smtp_peer import Delivered

KINDS = {
    "new": 40,
    "answer": 12,
    "answer by references": 9,
    "answer by number": 6,
    "answer by address": 9,
    "absence": 5,
    "returned": 4,
    "the same again": 4,
    "the same by another way": 4,
    "spam": 3,
    "broken": 4,
}
ANSWERS = {
    "answer": answer_whole,
    "answer by references": answer_by_references,
    "answer by number": answer_by_number,
    "answer by address": answer_by_address,
    "returned": returned,
}
REMEMBERED = 100


@dataclass(frozen=True)
class Letter:
    """A mail to hand over; `answers` is the Message-ID of ours that leads to its case."""

    kind: str
    account: str
    raw: bytes
    subject: str = ""
    answers: str = ""

    @property
    def sha256(self) -> str:
        """By what the gateway knows these bytes again."""
        return hashlib.sha256(self.raw).hexdigest()


class Letters:
    """Makes letters by dice; answers go to what is in `recent`."""

    def __init__(self, seed: int, recent: deque[Delivered]) -> None:
        self._dice = random.Random(seed)
        self._recent = recent
        self._before: deque[Letter] = deque(maxlen=REMEMBERED)
        self._number = 0

    def next(self) -> Letter:
        """The next letter."""
        self._number += 1
        (kind,) = self._dice.choices(list(KINDS), list(KINDS.values()))
        account = self._dice.choice(("pipe", "imap"))
        if kind.startswith("the same") and self._before:
            return self._again(kind)
        if (kind in ANSWERS or kind == "absence") and self._recent:
            return self._answer(kind, account)
        if kind == "spam":
            return Letter(kind, account, spam(self._number))
        if kind == "broken":
            return Letter(kind, account, broken(self._dice, self._number))
        letter = Letter("new", account, opening(self._dice, self._sender(), self._number))
        self._before.append(letter)
        return letter

    def _again(self, kind: str) -> Letter:
        """By the same account it is the very same mail, whichever way it comes."""
        before = self._dice.choice(self._before)
        if kind == "the same again":
            return Letter(kind, before.account, before.raw)
        return Letter(kind, before.account, written_again(before.raw, self._number))

    def _answer(self, kind: str, account: str) -> Letter:
        delivered = self._dice.choice(list(self._recent))
        received, reader = read(delivered), delivered.recipients[0]
        if kind == "absence":
            raw = absence(received, reader, self._number)
        else:
            raw = ANSWERS[kind](received, reader, self._number)
        letter = Letter(kind, account, raw, answers=str(received["Message-ID"]).strip())
        if kind != "returned":
            self._before.append(letter)
        return letter

    def _sender(self) -> str:
        """Mostly somebody new, now and then a contact we know or an address that is no more."""
        throw = self._dice.random()
        if throw < 0.1:
            return known_customer(self._dice.randrange(PARTNERS))
        if throw < 0.13:
            return f"gone{self._number}@blue.example"
        return f"customer{self._number}@blue.example"

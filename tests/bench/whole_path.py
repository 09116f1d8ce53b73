"""Mails through the whole path: stored → case → rule → outgoing mail queued → report updated."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from email.message import EmailMessage
from statistics import quantiles

from sqlalchemy import text
from support.mail_office import database_of
from support.system import RunningSystem

from services.mailgw.actions.store_mail import store_mails
from services.mailgw.tables import inbox, outbox
from services.messaging.transaction import Transactions
from services.runtime.database import Database

LOOK_SECONDS = 0.01
PATIENCE_SECONDS = 120.0
FETCHED_AT_ONCE = 20


@dataclass
class Outcome:
    """Mails a second, and the milliseconds each took from before it was stored to its end."""

    a_second: float
    milliseconds: list[float] = field(default_factory=list)

    def percentile(self, percent: int) -> float:
        """The latency that this share of the mails did not exceed."""
        return quantiles(self.milliseconds, n=100, method="inclusive")[percent - 1]


class WholePath:
    """Feeds mails into the gateway's database and watches the two ends of the path."""

    def __init__(self, system: RunningSystem) -> None:
        self._gateway = database_of(system, "mailgw")
        self._reporting = database_of(system, "reporting")
        self._store = Transactions(self._gateway, outbox, inbox)
        self._next = 0

    def flood(self, count: int) -> Outcome:
        """As many as go: all are stored in batches at once, as a fetch of a full mailbox does."""
        begin = time.perf_counter()
        watch = _Watch(self._gateway, self._reporting, count)
        for _ in range(count // FETCHED_AT_ONCE):
            self._feed(FETCHED_AT_ONCE)
        ends = watch.all_ends()
        return Outcome(count / (max(ends) - begin))

    def stream(self, a_second: float, seconds: float) -> Outcome:
        """At a steady rate, each mail stored by itself."""
        count = int(a_second * seconds)
        watch = _Watch(self._gateway, self._reporting, count)
        begin = time.perf_counter()
        begins = []
        for number in range(count):
            while time.perf_counter() < begin + number / a_second:
                time.sleep(0.001)
                watch.look()
            begins.append(time.perf_counter())
            self.feed_one()
        ends = watch.all_ends()
        # Mails end in the order in which they began, but for the rare overtaking one.
        pairs = zip(begins, sorted(ends), strict=True)
        return Outcome(count / (max(ends) - begin), [(end - at) * 1000 for at, end in pairs])

    def feed_one(self) -> None:
        """One more mail, without waiting for its end."""
        self._feed(1)

    def _feed(self, count: int) -> None:
        raws = [_mail(self._next + one) for one in range(count)]
        self._next += count
        store_mails(self._store, "pipe", raws)


class _Watch:
    """When each mail was through: its outgoing mail queued and its fact showing the rule's act."""

    def __init__(self, gateway: Database, reporting: Database, count: int) -> None:
        self._gateway, self._reporting, self._count = gateway, reporting, count
        self._queued_before = _number(gateway, "SELECT count(*) FROM outgoing")
        self._last_case = _number(reporting, "SELECT max(number) FROM facts")
        self._last_look = 0.0
        self.ends: list[float] = []

    def look(self) -> None:
        """Note those that came through since the last look, at most every few milliseconds."""
        if time.perf_counter() - self._last_look < LOOK_SECONDS:
            return
        through = min(self._queued(), self._assigned())
        self._last_look = time.perf_counter()
        self.ends += [self._last_look] * (through - len(self.ends))

    def all_ends(self) -> list[float]:
        """When each was through; raises AssertionError when one never is."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.ends) < self._count:
            time.sleep(0.002)
            self.look()
            assert time.monotonic() < deadline, f"{len(self.ends)} of {self._count} came through"
        assert len(self.ends) == self._count, f"{len(self.ends)} ends of {self._count} mails"
        return self.ends

    def _queued(self) -> int:
        return _number(self._gateway, "SELECT count(*) FROM outgoing") - self._queued_before

    def _assigned(self) -> int:
        question = "SELECT count(*) FROM facts WHERE number > :last AND responsible_id IS NOT NULL"
        return _number(self._reporting, question, self._last_case)


def _number(database: Database, question: str, last: int = 0) -> int:
    with database.read() as connection:
        return int(
            connection.scalar(text(question), {"last": last} if ":last" in question else {}) or 0
        )


def _mail(number: int) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Customer {number} <customer{number}@blue.example>"
    mail["To"] = "support@ours.example"
    mail["Subject"] = f"Order {number} has not arrived"
    mail["Message-ID"] = f"<bench.{number}@blue.example>"
    mail.set_content(
        f"Hello,\n\nmy order {number} should have been here on Monday. "
        "Could you find out where it is?\n\nThank you,\nCustomer\n"
    )
    return mail.as_bytes()

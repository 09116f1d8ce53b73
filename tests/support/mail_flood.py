"""Mails flow in by IMAP and by pipe, and out, while the gateway is killed again and again."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from builders.flood_mails import (
    Given,
    Kind,
    absence,
    answer,
    broken,
    first_mail,
    spam,
)
from support.dovecot import DovecotServer
from support.mail_office import EVE, database_of, read
from support.smtp_peer import Delivered, SmtpPeer
from support.system import ROOT, RunningSystem

from services.mailgw.actions.store_mail import store_mails
from services.mailgw.tables import inbox, outbox
from services.messaging.transaction import Transactions

KINDS: dict[Kind, int] = {"new": 46, "answer": 38, "absence": 6, "spam": 4, "broken": 6}
# Batches that are handed over by a process for each mail, as mail servers do; it takes long.
DELIVERIES = 20
NUMBER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Arrival:
    """A mail that reached the peer: what, over which connection, and when (time.monotonic)."""

    delivered: Delivered
    at: float


@dataclass(frozen=True)
class Kill:
    """When the gateway was about to be killed, and when it was seen to be dead."""

    begun: float
    ended: float


@dataclass
class MailFlood:
    """Gives `count` mails at `a_second`, and has agents answer; all by dice of one seed."""

    system: RunningSystem
    dovecot: DovecotServer
    peer: SmtpPeer
    count: int
    a_second: float
    seed: int
    given: list[Given] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)
    killed_deliveries: int = 0
    replies: int = 0

    def __post_init__(self) -> None:
        self.peer.on_content = lambda mail: self.arrivals.append(Arrival(mail, time.monotonic()))
        self._store = Transactions(database_of(self.system, "mailgw"), outbox, inbox)

    def run(self) -> None:
        """Until all are given; the gateway is running at the end, a day later.

        A day, because what it had in hand when it was killed is due after a pause.
        Raises whatever stopped the feeding.
        """
        dice = random.Random(self.seed)
        with ThreadPoolExecutor(2) as feeders:
            runs = [feeders.submit(self._feed), feeders.submit(self._agents)]
            while not all(run.done() for run in runs):
                self._kill_after(dice)
        for run in runs:
            run.result()
        self._kill()
        self.system.start_service("mailgw", days_ahead=1)
        self.system.wait_until_ready("mailgw")

    def _kill_after(self, dice: random.Random) -> None:
        """Kill it one to three seconds from now, and start it; one in five is hit in its start."""
        time.sleep(dice.uniform(1, 3))
        self._kill()
        self.system.start_service("mailgw")
        if dice.random() < 0.2:
            time.sleep(dice.uniform(0, 1))
            self._kill()
            self.system.start_service("mailgw")
        self.system.wait_until_ready("mailgw")

    def _kill(self) -> None:
        begun = time.monotonic()
        self.system.kill("mailgw")
        self.kills.append(Kill(begun, time.monotonic()))

    def _feed(self) -> None:
        dice = random.Random(self.seed + 1)
        begin = time.monotonic()
        number = 0
        while number < self.count:
            time.sleep(max(0.0, begin + number / self.a_second - time.monotonic()))
            mails = [self._mail(dice, number + one) for one in range(dice.randint(1, 3))]
            number += len(mails)
            account = dice.choice(("pipe", "imap"))
            self._hand_over(dice, account, mails)
            if dice.random() < 0.03:  # written to two addresses, which both come here
                self._hand_over(dice, "imap" if account == "pipe" else "pipe", mails)

    def _hand_over(
        self, dice: random.Random, account: str, mails: list[tuple[Kind, bytes, str]]
    ) -> None:
        self.given += [Given(account, kind, raw, answers) for kind, raw, answers in mails]
        raws = [raw for _, raw, _ in mails]
        if account == "imap":
            self.dovecot.drop(raws)
        elif dice.random() < DELIVERIES / self.count:
            for raw in raws:
                self._deliver(dice, raw)
        else:
            for raw in raws:
                store_mails(self._store, "pipe", [raw])

    def _deliver(self, dice: random.Random, raw: bytes) -> None:
        """As a mail server does: again, until it is told that the mail is kept."""
        command = [sys.executable, "-m", "services.mailgw", "deliver"]
        patience = dice.uniform(0.1, 0.8) if dice.random() < 0.5 else 60.0
        for _ in range(20):
            try:
                environment = self.system.environment
                done = subprocess.run(
                    command, cwd=ROOT, env=environment, input=raw, timeout=patience, check=False
                )
            except subprocess.TimeoutExpired:  # which killed it
                self.killed_deliveries += 1
                patience = 60.0
                continue
            if done.returncode == 0:
                return
        raise AssertionError("a mail was not taken in 20 times")

    def _mail(self, dice: random.Random, number: int) -> tuple[Kind, bytes, str]:
        (kind,) = dice.choices(list(KINDS), list(KINDS.values()))
        if kind == "spam":
            return kind, spam(number), ""
        if kind == "broken":
            return kind, broken(dice, number), ""
        if kind == "new" or not self.arrivals:
            return "new", first_mail(dice, number), ""
        arrival = dice.choice(self.arrivals[-50:]).delivered
        received = read(arrival)
        reader = arrival.recipients[0]
        if kind == "absence":
            return kind, absence(received, reader, number), str(received["Message-ID"])
        return kind, answer(dice, received, reader, number), str(received["Message-ID"])

    def _agents(self) -> None:
        """Agents reply on the pages, one to every six mails that come in."""
        dice = random.Random(self.seed + 2)
        api = self.system.api()
        while len(self.given) < self.count:
            time.sleep(6 / self.a_second)
            told = [one.delivered for one in self.arrivals[-50:] if EVE in one.delivered.recipients]
            if told:
                number = NUMBER.search(str(read(dice.choice(told))["Subject"]))
                assert number is not None, "a mail to an agent has no number in its subject"
                text = f"Reply {self.replies}: it is on its way."
                api.post(f"/cases/{number[1]}/messages", kind="reply", text=text)
                self.replies += 1

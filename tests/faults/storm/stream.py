"""Mails flow in by pipe and by IMAP at a steady pace, each until whoever takes it has said so."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from queue import Empty, Queue

from faults.storm.letters import Letter, Letters
from faults.storm.site import Site
from support.system import ROOT

from services.mailgw.hand_over import hand_over

HANDS = 6  # that hand mails over at once, each waiting for its answer
WAITING = 400  # mails that may wait for a hand before the stream waits as well
PAUSE_SECONDS = 0.4
SHARE_BY_PROCESS = 0.01  # of the piped mails, by a process each, as mail servers do
SHARE_KILLED = 0.5  # of those, which the mail server kills in the midst and tries again


class Stream:
    """Gives `count` mails at `a_second`; what a fault keeps back is made up for behind it."""

    def __init__(self, site: Site, seed: int, count: int, a_second: float) -> None:
        self._site = site
        self._letters = Letters(seed + 1, site.recent)
        self._dice = random.Random(seed + 2)
        self._count = count
        self._a_second = a_second
        self._waiting: Queue[tuple[int, Letter]] = Queue(WAITING)
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._feed, name="feeder", daemon=True)]
        self._threads += [
            threading.Thread(target=self._hand, name=f"hand {n}", daemon=True) for n in range(HANDS)
        ]
        self._errors: list[BaseException] = []
        self.killed_deliveries = 0

    def start(self) -> None:
        """Begin to give."""
        for thread in self._threads:
            thread.start()

    def finish(self, patience_seconds: float) -> list[str]:
        """Wait until all are given and taken; what has kept them from it."""
        deadline = time.monotonic() + patience_seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        found = [f"the stream was stopped: {error!r}" for error in self._errors]
        if any(thread.is_alive() for thread in self._threads):
            found.append(f"not all mails were taken within {patience_seconds:g} s")
        return found

    def _feed(self) -> None:
        try:
            begin = time.monotonic()
            for number in range(self._count):
                time.sleep(max(0.0, begin + number / self._a_second - time.monotonic()))
                self._give(self._letters.next())
        except Exception as error:  # noqa: BLE001  whoever waits for the end is told
            self._errors.append(error)
        finally:
            self._done.set()

    def _give(self, letter: Letter) -> None:
        journal = self._site.journal
        given = journal.give(letter.account, letter.kind, letter.sha256, "", letter.answers)
        if letter.account == "imap":
            self._site.dovecot.drop([letter.raw])
            journal.accept(given)
        else:
            self._waiting.put((given, letter))

    def _hand(self) -> None:
        try:
            while not (self._done.is_set() and self._waiting.empty()):
                try:
                    given, letter = self._waiting.get(timeout=0.2)
                except Empty:
                    continue
                self._hand_over(letter)
                self._site.journal.accept(given)
        except Exception as error:  # noqa: BLE001  whoever waits for the end is told
            self._errors.append(error)

    def _hand_over(self, letter: Letter) -> None:
        by_process = self._dice.random() < SHARE_BY_PROCESS
        while not (self._deliver(letter.raw) if by_process else hand_over("pipe", letter.raw)):
            time.sleep(PAUSE_SECONDS)

    def _deliver(self, raw: bytes) -> bool:
        """As a mail server does, which may be impatient."""
        is_killed = self._dice.random() < SHARE_KILLED
        patience = self._dice.uniform(0.1, 0.8) if is_killed else 120.0
        command = [sys.executable, "-m", "services.mailgw", "deliver"]
        environment = self._site.system.environment
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=environment,
                input=raw,
                timeout=patience,
                check=False,
                stderr=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:  # which killed it
            self.killed_deliveries += 1
            return False
        return done.returncode == 0

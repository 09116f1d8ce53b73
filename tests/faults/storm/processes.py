"""The five services in a storm: each behind lines of its own, with a clock of its own."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import requests
from faults.storm.journal import Journal
from support.jumping_clock import JUMP
from support.process_group import catches, members
from support.system import SERVICES, RunningSystem, wait_for

LOOK_SECONDS = 0.3
LEARNS_SECONDS = 4.0
LONGEST_TAIL = 1500


class StormSystem(RunningSystem):
    """Services that are started again when they die, as deploy/local does.

    `own` holds the settings of each service that others do not share. One that ends without
    having been killed is written down.
    """

    def __init__(
        self,
        folder: Path,
        amqp_uri: str,
        own: Mapping[str, Mapping[str, str]],
        journal: Journal,
        **settings: str,
    ) -> None:
        super().__init__(folder / "home", amqp_uri, **settings)
        self._folder = folder
        self._own = own
        self._journal = journal
        self._turns = {name: threading.RLock() for name in SERVICES}
        self._held: set[str] = set()
        self._started: dict[str, float] = {}
        self._stopping = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, name="supervisor", daemon=True)
        (folder / "logs").mkdir(exist_ok=True)
        for name in SERVICES:
            self._clock(name).write_text("0")

    def log_path(self, name: str) -> Path:
        """Not on the disk that is filled up: a log goes elsewhere in operation, too."""
        return self._folder / "logs" / f"{name}.log"

    def start_service(self, name: str, *, days_ahead: float = 0) -> None:
        """Start one service without waiting for it, under its own clock."""
        module = ["support.jumping_clock", str(self._clock(name)), f"services.{name}", "run"]
        self._started[name] = time.monotonic()
        self._spawn(name, module, dict(self._own.get(name, {})))

    def kill(self, name: str) -> None:
        """kill -9 of one service and all its processes; one that has ended already is gone."""
        try:
            super().kill(name)
        except ProcessLookupError:
            self.processes.pop(name, None)

    def strike(self, name: str, seconds: float) -> None:
        """kill -9, and start again after so many seconds."""
        with self.down(name):
            time.sleep(seconds)

    @contextmanager
    def down(self, name: str) -> Iterator[None]:
        """Killed, and kept down for a while."""
        with self._turns[name]:
            self._held.add(name)
            try:
                if name in self.processes:
                    self.kill(name)
                yield
                self.start_service(name)
            finally:
                self._held.discard(name)

    def send_signal(self, name: str, number: int) -> None:
        """Send a signal to the service and all its processes, if it runs."""
        process = self.processes.get(name)
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)

    def set_clock(self, name: str, wrong_by: float) -> None:
        """Have the service see a time that is wrong by so many seconds, from now on."""
        with self._turns[name]:
            self._clock(name).write_text(str(wrong_by))
            # One that has just begun may have read the file before, and not listen yet.
            age = time.monotonic() - self._started.get(name, 0.0)
            time.sleep(max(0.0, LEARNS_SECONDS - age))
            process = self.processes.get(name)
            for one in members(process.pid) if process is not None else ():
                if catches(one, JUMP):
                    with suppress(ProcessLookupError):
                        os.kill(one, JUMP)

    def supervise(self) -> None:
        """Start what has died again, in a thread, until `supervise_no_more`."""
        self._supervisor.start()

    def supervise_no_more(self) -> None:
        """What dies from now on stays dead."""
        self._stopping.set()
        if self._supervisor.is_alive():
            self._supervisor.join()

    def wait_until_all_ready(self, patience_seconds: float) -> None:
        """Wait for /readyz of every service, however often one has to be started."""
        for name in SERVICES:
            wait_for(partial(self._is_ready, name), f"readiness of {name}", patience_seconds)

    def _is_ready(self, name: str) -> bool:
        try:
            return requests.get(self._management(name) + "/readyz", timeout=5).ok
        except requests.RequestException:
            return False

    def _supervise(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            for name in SERVICES:
                process = self.processes.get(name)
                if name in self._held or process is None or process.poll() is None:
                    continue
                with self._turns[name]:
                    if self.processes.get(name) is process:
                        self._revive(name, process.returncode)

    def _revive(self, name: str, code: int) -> None:
        tail = self.log(name)[-LONGEST_TAIL:]
        statement = "INSERT INTO deaths VALUES (?, ?, ?, ?)"
        self._journal.do(statement, name, code, time.time(), tail)
        time.sleep(1.0)
        self.start_service(name)

    def _clock(self, name: str) -> Path:
        return self._folder / f"clock-{name}"

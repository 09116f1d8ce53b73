"""Starting processes of the services quickly: forked from one that has imported everything."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

ROOT = Path(__file__).parents[2]
LONGEST_ANSWER_BYTES = 1024
LOOK_SECONDS = 0.01


class ServiceProcess:
    """A process that a nursery has forked; what `subprocess.Popen` does, as far as tests need."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._nursery = nursery

    def poll(self) -> int | None:
        """The exit code, below zero for a signal; None while it runs."""
        if self.returncode is None:
            self.returncode = self._nursery.ask({"ended": self.pid})
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code once it ends; raises subprocess.TimeoutExpired where it does not."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            time.sleep(LOOK_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


class Nursery:
    """One service's: it imports once, as long as tests go on."""

    def __init__(self, service: str) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        self._socket = ours
        self._asking = Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "support.nursery_process", str(theirs.fileno()), service],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": path},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def start(
        self, module: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> ServiceProcess:
        """A process that runs a module with its arguments and writes to this log."""
        order = {"module": list(module), "environment": dict(environment), "log": str(log)}
        return ServiceProcess(self, self.ask(order))

    def ask(self, order: Mapping[str, Any]) -> Any:
        """What the nursery answers; raises AssertionError when it has ended."""
        with self._asking:
            self._socket.send(json.dumps(order).encode())
            answer = self._socket.recv(LONGEST_ANSWER_BYTES)
        assert answer, "the nursery has ended"
        return json.loads(answer)

    def close(self) -> None:
        """End it, and whatever of its children still runs."""
        self._socket.close()
        self._process.wait(30)


class Nurseries:
    """Those of all services, each made when it is first needed, while `open` lasts."""

    def __init__(self) -> None:
        self._made: dict[str, Nursery] = {}
        self._making = Lock()
        self.are_open = False

    @contextmanager
    def open(self) -> Iterator[None]:
        """While this lasts there are nurseries; without them a service is a program as usual."""
        self.are_open = True
        try:
            yield
        finally:
            self.are_open = False
            while self._made:
                self._made.popitem()[1].close()

    def of(self, service: str) -> Nursery:
        """The nursery of a service."""
        with self._making:
            if service not in self._made:
                self._made[service] = Nursery(service)
            return self._made[service]


NURSERIES = Nurseries()

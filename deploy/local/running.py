"""One program as it runs: its process, its last lines, and when it may start again."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from contextlib import suppress
from queue import Queue
from time import monotonic
from typing import Any

from honcho.process import Process

from deploy.local.programs import Program

LAST_LINES = 15
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0


class Running:
    """A program with its present process; honcho hands its lines, start and end to `events`."""

    def __init__(self, program: Program, events: Queue[Any], colour: str) -> None:
        self.program = program
        self.last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self.code: int | None = None
        self.alive = False
        self.restart_at: float | None = None
        self._events = events
        self._colour = colour
        self._pid: int | None = None
        self._started_at = 0.0
        self._pause = FIRST_PAUSE_SECONDS

    def start(self) -> None:
        """Start a process; its events come in the order start, lines, stop."""
        self.alive, self.code, self._pid, self.restart_at = True, None, None, None
        self._started_at = monotonic()
        process = Process(
            self.program.shell_line,
            name=self.program.name,
            colour=self._colour,
            env=dict(self.program.environment),
        )
        threading.Thread(target=process.run, args=(self._events,), daemon=True).start()

    def started(self, pid: int) -> None:
        """The process is there."""
        self._pid = pid

    def ended(self, code: int) -> float:
        """The process is gone; how many seconds to rest before it may start again.

        The rests grow, and begin anew once the program has been steady for a minute.
        """
        self.kill()  # what the program itself started and left behind
        self.alive, self.code = False, code
        if monotonic() - self._started_at >= STEADY_SECONDS:
            self._pause = FIRST_PAUSE_SECONDS
        pause = self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        return pause

    def terminate(self) -> bool:
        """Ask the process to finish; False while it is only just being made."""
        if self._pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGTERM)
        return True

    def kill(self) -> None:
        """End the process, and all that it started, at once."""
        if self._pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._pid, signal.SIGKILL)

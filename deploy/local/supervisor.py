"""Runs programs: shows what they say, starts again those that die, stops all in good order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import Empty, Queue
from time import monotonic
from typing import Any

from honcho.colour import get_colours

from deploy.local.errors import CannotStart, StopAsked
from deploy.local.printing import Console
from deploy.local.programs import Program
from deploy.local.running import Running
from deploy.local.stop_signal import StopSignal

TURN_SECONDS = 0.1
FINISH_SECONDS = 30.0


class Supervisor:
    """Until `attend` a program that ends is an error; from then on it is started again."""

    def __init__(self, console: Console, stop_signal: StopSignal) -> None:
        self._console = console
        self._stop_signal = stop_signal
        self._events: Queue[Any] = Queue()
        self._running: dict[str, Running] = {}
        self._colours = get_colours()

    def start(self, program: Program) -> None:
        """Start a program; names are unique."""
        running = Running(program, self._events, next(self._colours))
        self._running[program.name] = running
        running.start()

    def run_to_end(self, program: Program) -> list[str]:
        """Run a program that ends by itself; its last lines. CannotStart when it fails."""
        self.start(program)
        running = self._running[program.name]
        try:
            self._wait(lambda: not running.alive, task=program.name)
        finally:
            if running.alive:
                self.stop([program.name])
            del self._running[program.name]
        if running.code:
            raise CannotStart(_with_last_lines(f"{program.name} failed", running))
        return list(running.last_lines)

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Attend to the programs until `ready()`; False when it is not in time.

        Raises CannotStart when one of them ends meanwhile, StopAsked when that is asked.
        """
        deadline = monotonic() + seconds
        return self._wait(ready, deadline=deadline)

    def attend(self) -> None:
        """Attend to the programs, and restart those that end, until asked to stop."""
        while not self._stop_signal.requests:
            self._take_event(self._rest)
            for running in self._running.values():
                if running.restart_at is not None and monotonic() >= running.restart_at:
                    running.start()

    def last_lines(self, name: str) -> str:
        """How a sentence on trouble with a program goes on: what it said last, if anything."""
        running = self._running.get(name)
        return _with_last_lines("", running) if running else ""

    def stop(self, names: Sequence[str] | None = None) -> None:
        """Ask these programs, or all, to finish, together; kill what has not in half a minute.

        One more request to stop kills at once.
        """
        chosen = [r for name, r in self._running.items() if names is None or name in names]
        requests, deadline = self._stop_signal.requests, monotonic() + FINISH_SECONDS
        to_ask = [running for running in chosen if running.alive]
        while any(running.alive for running in chosen):
            to_ask = [running for running in to_ask if not running.terminate()]
            if self._stop_signal.requests > requests or monotonic() > deadline:
                for running in chosen:
                    if running.alive:
                        running.kill()
            self._take_event(self._note_end)

    def _wait(
        self, done: Callable[[], bool], *, deadline: float = float("inf"), task: str = ""
    ) -> bool:
        def must_not_end(running: Running, code: int) -> None:
            running.ended(code)
            if running.program.name != task:
                what = f"{running.program.name} ended with code {code} before all was ready"
                raise CannotStart(_with_last_lines(what, running))

        while not done():
            if self._stop_signal.requests:
                raise StopAsked
            if monotonic() > deadline:
                return False
            self._take_event(must_not_end)
        return True

    def _rest(self, running: Running, code: int) -> None:
        pause = running.ended(code)
        running.restart_at = monotonic() + pause
        name = running.program.name
        self._console.say(f"{name} ended with code {code}; it starts again in {pause:g} s")

    def _note_end(self, running: Running, code: int) -> None:
        running.ended(code)
        if code > 0:
            self._console.say(f"{running.program.name} ended with code {code}")

    def _take_event(self, on_end: Callable[[Running, int], None]) -> None:
        try:
            message = self._events.get(timeout=TURN_SECONDS)
        except Empty:
            return
        running = self._running[message.name]
        if message.type == "start":
            running.started(message.data["pid"])
        elif message.type == "stop":
            on_end(running, message.data["returncode"])
        else:
            self._show(running, message)

    def _show(self, running: Running, message: Any) -> None:
        line = message.data.decode("utf-8", "replace").rstrip("\n")
        running.last_lines.append(line)
        if not running.program.quiet:
            self._console.line(message.name, line, message.colour)


def _with_last_lines(what: str, running: Running) -> str:
    lines = [f"  {running.program.name}: {line}" for line in running.last_lines]
    return "\n".join([f"{what}; it said last:" if lines else what, *lines])

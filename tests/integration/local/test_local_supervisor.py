"""The supervisor with small real processes in the place of the services."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local import running
from deploy.local.errors import CannotStart, StopAsked
from deploy.local.printing import Console
from deploy.local.programs import Program
from deploy.local.stop_signal import StopSignal
from deploy.local.supervisor import Supervisor

ROOT = Path(__file__).parents[3]
POLITE = """
import signal, sys, time
def stop(*_):
    time.sleep(0.3)
    print("finished in good order", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("here", flush=True)
while True:
    time.sleep(1)
"""
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("child", child.pid, flush=True)
time.sleep(600)
"""


class Stage:
    """A supervisor, what it has printed, and the operator's finger on Ctrl-C."""

    def __init__(self) -> None:
        self.output = io.StringIO()
        self.signal = StopSignal()
        self.supervisor = Supervisor(Console(self.output), self.signal)

    def start(self, name: str, code: str, *arguments: str, quiet: bool = False) -> None:
        self.supervisor.start(program(name, code, *arguments, quiet=quiet))

    def press_when(self, condition: Callable[[], bool]) -> threading.Thread:
        """Ask to stop, from beside, as soon as the condition holds (or a minute is over)."""

        def wait() -> None:
            deadline = time.monotonic() + 60
            while not condition() and time.monotonic() < deadline:
                time.sleep(0.02)
            self.signal.requests += 1

        thread = threading.Thread(target=wait)
        thread.start()
        return thread

    def printed(self, text: str) -> bool:
        return text in self.output.getvalue()


def program(name: str, code: str, *arguments: str, quiet: bool = False) -> Program:
    command = [sys.executable, "-c", code, *arguments]
    return Program(name, command, dict(os.environ), quiet=quiet)


def exists(pid: int) -> bool:
    """Whether the process runs: one that is only waited for does not."""
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "\nState:\tZ" not in status.read_text()


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.supervisor.stop()


def test_lines_of_programs_are_shown_with_their_name(stage: Stage) -> None:
    entry = '{"event": "mail stored", "level": "warning", "service": "mailgw", "mail": 7}'
    stage.supervisor.run_to_end(program("mailgw", f"print({entry!r}); print('plain')"))
    assert stage.printed("mailgw    | WARNING mail stored mail=7\n")
    assert stage.printed("mailgw    | plain\n")


def test_stopping_lets_each_program_finish(stage: Stage) -> None:
    stage.start("one", POLITE)
    stage.start("two", POLITE)
    assert stage.supervisor.wait_until(
        lambda: stage.output.getvalue().count("| here") == 2, seconds=30
    )
    stage.supervisor.stop(["one"])
    assert stage.output.getvalue().count("finished in good order") == 1
    stage.supervisor.stop()
    assert stage.output.getvalue().count("finished in good order") == 2
    assert "ended with code" not in stage.output.getvalue()


def test_a_second_request_kills_a_program_and_what_it_started(stage: Stage) -> None:
    stage.start("stubborn", STUBBORN)
    assert stage.supervisor.wait_until(lambda: stage.printed("child "), seconds=30)
    child = int(stage.output.getvalue().rsplit("child ", 1)[1].split()[0])
    began = time.monotonic()
    pressing = stage.press_when(lambda: time.monotonic() > began + 0.5)
    stage.supervisor.stop()
    pressing.join()
    assert time.monotonic() - began < 20
    wait_until(lambda: not exists(child))


def test_a_program_that_ends_before_all_is_ready_fails_the_start(stage: Stage) -> None:
    stage.start("rules", "import sys; print('no such rule'); sys.exit(3)")
    with pytest.raises(CannotStart) as caught:
        stage.supervisor.wait_until(lambda: False, seconds=30)
    assert "rules ended with code 3 before all was ready" in str(caught.value)
    assert "rules: no such rule" in str(caught.value)


def test_waiting_ends_in_time_or_when_asked(stage: Stage) -> None:
    stage.start("one", POLITE)
    assert not stage.supervisor.wait_until(lambda: False, seconds=0.3)
    stage.press_when(lambda: True).join()
    with pytest.raises(StopAsked):
        stage.supervisor.wait_until(lambda: False, seconds=30)


def test_a_failed_task_tells_its_last_lines_even_when_quiet(stage: Stage) -> None:
    with pytest.raises(CannotStart) as caught:
        stage.supervisor.run_to_end(program("databases", "raise SystemExit('no disk')", quiet=True))
    assert str(caught.value) == "databases failed; it said last:\n  databases: no disk"
    assert not stage.printed("no disk")


def test_a_task_hands_back_what_it_said(stage: Stage) -> None:
    said = stage.supervisor.run_to_end(program("administrator", "print('a'); print('b')"))
    assert said == ["a", "b"]


def test_a_program_that_dies_later_starts_again_and_the_others_go_on(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "FIRST_PAUSE_SECONDS", 0.05)
    marks = tmp_path / "marks"
    dying = "import sys; open(sys.argv[1], 'a').write('x'); sys.exit(9)"
    stage.start("steady", POLITE)
    stage.start("dying", dying, str(marks))
    pressing = stage.press_when(lambda: marks.exists() and len(marks.read_text()) >= 4)
    stage.supervisor.attend()
    pressing.join()
    assert stage.printed("dying ended with code 9; it starts again in 0.05 s")
    assert stage.printed("dying ended with code 9; it starts again in 0.2 s")
    assert stage.output.getvalue().count("| here") == 1


def test_a_killed_supervisor_takes_its_programs_along() -> None:
    script = """
import os, sys
from deploy.local.printing import Console
from deploy.local.programs import Program
from deploy.local.stop_signal import StopSignal
from deploy.local.supervisor import Supervisor
supervisor = Supervisor(Console(), StopSignal())
code = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(600)"
supervisor.start(Program("one", [sys.executable, "-c", code], dict(os.environ)))
supervisor.attend()
"""
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline().rsplit(" ", 1)[1])
        assert exists(pid)
        supervisor.kill()
    wait_until(lambda: not exists(pid))

"""The lock among processes, on both databases, with a second process that holds it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.runtime.database import Database
from services.runtime.exclusive import Exclusive

ROOT = Path(__file__).parents[3]
HOLDER = """
import sys
from services.runtime.database import Database
from services.runtime.exclusive import Exclusive
lock = Exclusive(Database(sys.argv[1], schema=sys.argv[2] or None), sys.argv[3])
print(lock.try_acquire(), flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process(database: Database, name: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A process that has tried to take the lock, and what came of it."""
    arguments = [sys.executable, "-c", HOLDER, database.url, database.schema or "", name]
    with subprocess.Popen(
        arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
        process.kill()


def test_only_one_process_holds_it(database: Database) -> None:
    mine = Exclusive(database, "relay")
    with another_process(database, "relay") as (answer, _):
        assert answer == "True"
        assert not mine.try_acquire()
        assert Exclusive(database, "sweep").try_acquire()  # another name is another lock


def test_it_goes_with_a_holder_that_is_killed(database: Database) -> None:
    mine = Exclusive(database, "relay")
    with another_process(database, "relay") as (answer, process):
        assert answer == "True"
        process.kill()
        process.wait(10)
        deadline = time.monotonic() + 10
        while not mine.try_acquire():
            assert time.monotonic() < deadline, "the lock outlived its holder"
            time.sleep(0.05)
    mine.release()


def test_what_is_released_is_free_for_others(database: Database) -> None:
    mine = Exclusive(database, "relay")
    assert mine.try_acquire()
    assert mine.try_acquire()
    with another_process(database, "relay") as (answer, _):
        assert answer == "False"
    mine.release()
    mine.release()
    with another_process(database, "relay") as (answer, _):
        assert answer == "True"

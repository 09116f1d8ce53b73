"""A part of a core for each process, so that more processes may be seen to do more on few cores.

Linux's scheduler holds them to it, by the `cpu` controller of control groups, version 1; that
takes root, and a system that has it mounted there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from support.system import wait_for

CONTROLLER = Path("/sys/fs/cgroup/cpu")
PERIOD_MICROSECONDS = 20_000


class NoSlowCores(Exception):
    """Processes cannot be held to a part of a core here; the text says why."""


class SlowCores:
    """Gives out parts of cores, each for one process and what it starts later."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._cores: list[Path] = []

    def give(self, leader: int) -> None:
        """One core of its own for all processes of this process group. Raises NoSlowCores."""
        core = self._new_core()
        for pid in _members(leader):
            (core / "cgroup.procs").write_text(str(pid))

    def _new_core(self) -> Path:
        try:
            core = Path(mkdtemp(prefix="casewire-", dir=CONTROLLER))
        except OSError as error:
            raise NoSlowCores(f"no group can be made in {CONTROLLER}: {error.strerror}") from error
        self._cores.append(core)
        (core / "cpu.cfs_period_us").write_text(str(PERIOD_MICROSECONDS))
        (core / "cpu.cfs_quota_us").write_text(str(round(PERIOD_MICROSECONDS * self._share)))
        return core

    def take_back(self) -> None:
        """Once the processes have ended."""
        for core in self._cores:
            wait_for(lambda core=core: not (core / "cgroup.procs").read_text(), f"{core} empty", 10)
            core.rmdir()
        self._cores.clear()


@contextmanager
def slow_cores(share: float) -> Iterator[SlowCores]:
    """Cores that are this share of a real one each; their processes have to end first."""
    cores = SlowCores(share)
    try:
        yield cores
    finally:
        cores.take_back()


def _members(leader: int) -> list[int]:
    """The processes of a process group."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if os.getpgid(int(folder.name)) == leader:
                    found.append(int(folder.name))
            except ProcessLookupError:
                continue  # it has ended meanwhile
    return found

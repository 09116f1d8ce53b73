"""The processes of a group, and what each does about a signal, as Linux tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def members(group: int) -> Iterator[int]:
    """The ids of the processes in this group."""
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            # Behind the name, which may hold anything: state, parent, group.
            if int((path / "stat").read_text().rpartition(")")[2].split()[2]) == group:
                yield int(path.name)


def catches(process: int, number: int) -> bool:
    """Whether it handles this signal itself; one that does not would be ended by it."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)

"""A disk of a size of its own, which can be filled up: a tmpfs that root mounts."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

STEP_BYTES = (64 * 1024 * 1024, 1024 * 1024, 4096)


class SmallDisk:
    """Mounted on `place`; what is on it is gone with it. Needs root."""

    def __init__(self, place: Path, megabytes: int) -> None:
        self.place = place
        self._megabytes = megabytes
        self._is_mounted = False
        self._filler = place / "filler"

    def mount(self) -> None:
        """Make it. Raises CalledProcessError."""
        self.place.mkdir(parents=True, exist_ok=True)
        options = f"size={self._megabytes}m"
        command = ["mount", "-t", "tmpfs", "-o", options, "casewire-storm", str(self.place)]
        subprocess.run(command, check=True)
        self._is_mounted = True

    def unmount(self) -> None:
        """Take it away, even while somebody has a file of it open."""
        if self._is_mounted:
            subprocess.run(["umount", "--lazy", str(self.place)], check=True)
            self._is_mounted = False

    def fill(self) -> None:
        """Leave no byte free."""
        with self._filler.open("wb") as file:
            size = 0
            for step in STEP_BYTES:
                with suppress(OSError):  # it is full, but for smaller steps
                    while True:
                        os.posix_fallocate(file.fileno(), size, step)
                        size += step

    def free(self) -> None:
        """Give back what filled it."""
        self._filler.unlink(missing_ok=True)

    def used_megabytes(self) -> int:
        """How much of it is in use."""
        found = os.statvfs(self.place)
        return (found.f_blocks - found.f_bfree) * found.f_frsize // 1024**2

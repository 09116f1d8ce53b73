"""What runs: each program with its command, and how the supervisor treats it."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Program:
    """A command to run. A quiet one's lines are kept for trouble and not shown."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    quiet: bool = False

    @property
    def shell_line(self) -> str:
        """For /bin/sh, which the program replaces, so that signals reach it.

        Where setpriv is there, the program is told to stop should we be killed outright.
        """
        dies_with_us = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        return "exec " + shlex.join([*dies_with_us, *self.command])

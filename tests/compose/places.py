"""Where the run keeps what it makes, and how it starts programs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
WORK = ROOT / "build" / "compose"
# Storage of its own, so that nothing of it is mixed with other containers of this machine. Where
# the kernel has no overlays for us, vfs does it, ten times as slowly.
DRIVER = os.environ.get("COMPOSE_TEST_STORAGE", "overlay")
STORAGE = (
    f"--storage-driver={DRIVER}",
    f"--root={WORK / DRIVER}",
    f"--runroot={WORK / 'run'}-{DRIVER}",
)


LAST_WORDS = 8


class ComposeTestError(Exception):
    """The run cannot go on; the message says what was wrong, with the program's words."""


def run(*command: str, patience_seconds: float = 900, stdin: str | None = None) -> str:
    """What a program writes to standard output. Raises ComposeTestError with its complaints."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=patience_seconds,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr)[-4000:]
        last = " ".join(command[-LAST_WORDS:])  # before them stands where this machine keeps it
        raise ComposeTestError(f"{last}: exit code {done.returncode}\n{said}")
    return done.stdout

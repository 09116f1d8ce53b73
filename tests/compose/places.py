"""Where the run keeps what it makes, and how it starts programs."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
WORK = ROOT / "build" / "compose"
# Storage of its own, so that nothing of it is mixed with other containers of this machine.
STORAGE = ("--storage-driver=vfs", f"--root={WORK / 'storage'}", f"--runroot={WORK / 'run'}")


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
        raise ComposeTestError(f"{' '.join(command)}: exit code {done.returncode}\n{said}")
    return done.stdout

"""Having a graph drawn by a child process, which is ended when it takes too long."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from services.web.report_mails.drawing import Drawing

PROGRAM = "services.web.report_mails.picture"
SECONDS = 60.0
SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Each takes a hundred megabytes: one after the other.
_one_at_a_time = threading.Lock()


class PictureFailed(Exception):
    """There is no picture; the message says why."""


def picture_of(drawing: Drawing, home: Path, seconds: float = SECONDS) -> bytes:
    """The graph as PNG. What the program needs to know of fonts is kept below `home`.

    Raises PictureFailed.
    """
    # No more than it needs: it is given what strangers wrote, and no secret of ours.
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": str((home / "matplotlib").absolute()),
    }
    try:
        with _one_at_a_time:
            done = subprocess.run(
                [sys.executable, "-m", PROGRAM],
                input=drawing.model_dump_json().encode(),
                capture_output=True,
                timeout=seconds,
                env=environment,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise PictureFailed(f"it took longer than {seconds:g} seconds") from error
    except OSError as error:
        raise PictureFailed(str(error)) from error
    if done.returncode or not done.stdout.startswith(SIGNATURE):
        told = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise PictureFailed(f"it ended with {done.returncode}: {' '.join(told)[:300]}")
    return done.stdout

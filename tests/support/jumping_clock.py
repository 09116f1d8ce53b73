"""Runs a module as its own process under a clock that jumps while it runs.

`python -m support.jumping_clock FILE MODULE ARGUMENTS…`: FILE holds by how many seconds the clock
is wrong. It is read at the start and again whenever the process gets SIGUSR1. The monotonic clock
goes on undisturbed, as it does when a machine's clock is set.
"""

from __future__ import annotations

import runpy
import signal
import sys
from pathlib import Path
from typing import Any

import time_machine


def main() -> None:
    """Move the clock, then run the module as `python -m` would."""
    file, module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    with time_machine.travel(_wrong_now(Path(file)), tick=True) as clock:

        def jump(_number: int, _frame: Any) -> None:
            clock.move_to(_wrong_now(Path(file)))

        signal.signal(signal.SIGUSR1, jump)
        runpy.run_module(module, run_name="__main__", alter_sys=True)


def _wrong_now(file: Path) -> float:
    return float(time_machine.escape_hatch.time.time()) + float(file.read_text())


if __name__ == "__main__":
    main()

"""Runs a module as its own process under a clock that jumps while it runs.

`python -m support.jumping_clock FILE MODULE ARGUMENTS…`: FILE holds by how many seconds the clock
is wrong. It is read at the start and again whenever the process, or one forked from it, gets the
signal JUMP. The monotonic clock goes on undisturbed, as it does when a machine's clock is set.
"""

from __future__ import annotations

import runpy
import signal
import sys
import time
from pathlib import Path
from typing import Any

import time_machine

JUMP = signal.SIGRTMIN + 3  # which no program of ours has a use for


def main() -> None:
    """Move the clock, then run the module as `python -m` would."""
    file, module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    wrong_by = Path(file)
    with time_machine.travel(time.time() + float(wrong_by.read_text()), tick=True) as clock:

        def jump(_number: int, _frame: Any) -> None:
            clock.move_to(time_machine.escape_hatch.time.time() + float(wrong_by.read_text()))

        signal.signal(JUMP, jump)
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

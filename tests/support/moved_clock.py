"""Runs a module as its own process under a moved clock.

`python -m support.moved_clock SECONDS MODULE ARGUMENTS…`: the module sees a time that many
seconds ahead, and going on from there.
"""

from __future__ import annotations

import runpy
import sys
import time

import time_machine


def main() -> None:
    """Move the clock, then run the module as `python -m` would."""
    seconds, module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    with time_machine.travel(time.time() + float(seconds), tick=True):
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

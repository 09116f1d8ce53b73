"""The search for garbage leaves alone what lives as long as the process.

Python walks through everything it holds, now and then, to find what only refers to itself. The
modules, texts and tables that a process has once it is up are some hundred thousand objects: a
whole walk took 80 ms and more, and whichever requests were in hand waited for it.
"""

from __future__ import annotations

import gc

# How many more objects there are before the youngest are looked through: an answer with two
# thousand events makes twenty thousand of them, and is gone before it need be looked at twice.
YOUNG_OBJECTS = 20_000


def leave_the_start_alone() -> None:
    """Call it once the process is up, before the first request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)

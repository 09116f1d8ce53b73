"""Waiting for what the services do behind the front door."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing")

PAUSE_SECONDS = 0.5


def wait_for(
    things: Iterable[Thing],
    has_come: Callable[[Thing], bool],
    seconds: float,
    tell: Callable[[int, int], None] = lambda come, of: None,
) -> list[Thing]:
    """Ask for each of these until it has come; answers those that have not.

    `seconds` is how long nothing at all may come. `tell` is told how many have come.
    """
    waiting = list(things)
    everything = len(waiting)
    deadline = time.monotonic() + seconds
    while True:
        still = [thing for thing in waiting if not has_come(thing)]
        if len(still) < len(waiting):
            deadline = time.monotonic() + seconds
            tell(everything - len(still), everything)
        waiting = still
        if not waiting or time.monotonic() > deadline:
            return waiting
        time.sleep(PAUSE_SECONDS)

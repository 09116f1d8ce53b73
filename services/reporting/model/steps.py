"""Delays in steps of 3 %, so that a median can be read off how many cases each step has.

A step holds the delays from its beginning to before the next; thirty-two double the delay. What
is below a second is step 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor, log2
from typing import TypeVar

STEPS_TO_DOUBLE = 32
Step = TypeVar("Step", int, str)  # by its number, or as that is written
LAST_STEP = 1_000  # beyond any calendar, and within a small number


def step_of(milliseconds: int) -> int:
    """The step that a delay lies in."""
    seconds = milliseconds / 1000
    if seconds < 1:
        return 0
    return min(1 + floor(log2(seconds) * STEPS_TO_DOUBLE), LAST_STEP)


def hours_of(step: int) -> float:
    """The delay in the middle of a step, in hours; no delay of the step is off by 2 %."""
    return float(2 ** ((step - 0.5) / STEPS_TO_DOUBLE)) / 3600 if step else 0.0


def add_counts(counts: dict[Step, int], more: Mapping[Step, int]) -> None:
    """Put the cases of one distribution into another; quicker than a Counter does it."""
    if not counts:
        counts.update(more)
        return
    known = counts.get
    for step, count in more.items():
        counts[step] = known(step, 0) + count


def percentile(counts: Mapping[int, int], share: float) -> float | None:
    """The delay, in hours, that this share of cases does not exceed (nearest rank)."""
    whole = sum(counts.values())
    rank, reached = ceil(share * whole), 0
    for step in sorted(counts):
        reached += counts[step]
        if reached >= rank and reached:
            return hours_of(step)
    return None

"""How long something takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def milliseconds_of(work: Callable[[], Any]) -> float:
    """Do it once."""
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def milliseconds_of_each(work: Callable[[], Any], times: int) -> float:
    """The mean of many at a stretch."""
    return milliseconds_of(lambda: [work() for _ in range(times)]) / times

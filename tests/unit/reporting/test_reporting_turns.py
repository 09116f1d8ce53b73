"""O1: looking at the facts takes no more than its share of the time."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from services.reporting.observing import LONGEST_REST, SHARE, Turn

TICK = 0.25


@pytest.mark.parametrize(
    ("took", "rest"), [(0.05, 0.05 / SHARE), (5.0, LONGEST_REST)], ids=["long", "far too long"]
)
def test_O1_who_looked_for_long_rests_for_long(took: float, rest: float) -> None:
    seconds, began = 0.0, list[float]()
    no_database: Any = None

    def look(_connection: object) -> None:
        nonlocal seconds
        began.append(seconds)
        seconds += took

    def clock() -> float:
        return seconds

    turn = Turn(look)
    for _ in range(400):
        seconds += TICK
        turn.take(no_database, clock)
    gaps = [after - before for before, after in pairwise(began)]
    assert len(gaps) > 4
    assert all(took + rest - 0.001 <= gap <= took + rest + TICK + 0.001 for gap in gaps)


def test_O1_a_look_that_failed_is_repeated_at_once() -> None:
    no_database: Any = None

    def fail(_connection: object) -> None:
        raise OSError("the database is away")

    turn = Turn(fail)
    for _ in range(2):
        with pytest.raises(OSError, match="away"):
            turn.take(no_database, lambda: 1.0)

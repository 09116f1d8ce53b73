"""How long an account rests whose server failed: longer each time, so that it costs little."""

from __future__ import annotations

LONGEST_SECONDS = 900.0


def rest_seconds(failures: int, first_seconds: float) -> float:
    """The rest after so many failures in a row: the first, then twice as long each time.

    It ends at LONGEST_SECONDS, or at `first_seconds` where that is longer.
    """
    if failures < 1:
        return 0.0
    longest = max(LONGEST_SECONDS, first_seconds)
    doublings = min(failures - 1, 32)
    return float(min(first_seconds * 2**doublings, longest))

"""How long a rule that broke is left in peace."""

from __future__ import annotations

from datetime import timedelta

_MINUTES = (1, 5, 30, 120)
LONGEST_PAUSE = timedelta(days=1)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts that failed, from 1: ever longer, then a day."""
    if attempts <= len(_MINUTES):
        return timedelta(minutes=_MINUTES[attempts - 1])
    return LONGEST_PAUSE

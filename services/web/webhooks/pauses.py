"""How long to wait before a delivery is tried again, and how long a failing webhook rests."""

from __future__ import annotations

from datetime import timedelta

_SECONDS = (5, 30, 120, 600, 1800, 3600, 7200, 14400)
LONGEST_PAUSE = timedelta(hours=6)
# After this a delivery is given up, however often it was tried.
TRIED_FOR = timedelta(days=2)
# So many tries in a row that failed, of whichever deliveries, and the webhook rests.
RESTS_AFTER = 5
_REST_SECONDS = (60, 300, 900, 1800)
LONGEST_REST = timedelta(hours=1)
SPREAD = 0.2


def pause_after(tries: int, luck: float) -> timedelta:
    """How long to wait after so many tries that failed, from 1: seconds at first, then hours.

    `luck` from 0 to 1 spreads it by a fifth to either side, so that what failed together is
    not tried again together.
    """
    seconds = _SECONDS[tries - 1] if tries <= len(_SECONDS) else LONGEST_PAUSE.total_seconds()
    return timedelta(seconds=_spread(seconds, luck))


def rest_after(failures: int, luck: float) -> timedelta | None:
    """How long a webhook rests after so many failures in a row; None when it does not yet."""
    beyond = failures - RESTS_AFTER
    if beyond < 0:
        return None
    seconds = _REST_SECONDS[beyond] if beyond < len(_REST_SECONDS) else LONGEST_REST.seconds
    return timedelta(seconds=_spread(seconds, luck))


def _spread(seconds: float, luck: float) -> float:
    return seconds * (1 - SPREAD + 2 * SPREAD * luck)

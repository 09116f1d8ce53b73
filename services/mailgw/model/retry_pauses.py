"""How long to wait before a mail is tried again."""

from __future__ import annotations

from datetime import timedelta

PAUSES_SECONDS = (10, 30, 60, 120, 300, 900, 1800, 3600, 7200)
MOST_ATTEMPTS = 40  # about three days with the pauses above (RFC 5321 §4.5.4.1: 4 to 5 days)


def pause_after(attempts: int) -> timedelta | None:
    """The pause after this many failed attempts; None when it is time to give up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return timedelta(seconds=PAUSES_SECONDS[min(max(attempts, 1), len(PAUSES_SECONDS)) - 1])

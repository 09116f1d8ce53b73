"""How long to wait before a mail is tried again, and when to give it up."""

from __future__ import annotations

from datetime import timedelta

PAUSES_SECONDS = (10, 30, 60, 120, 300, 900, 1800, 3600, 7200)
MOST_ATTEMPTS = 60  # between four and five days with the pauses above (RFC 5321 §4.5.4.1)


def pause_after(attempts: int) -> timedelta:
    """The pause behind the attempt of this number, counted from 1."""
    return timedelta(seconds=PAUSES_SECONDS[min(max(attempts, 1), len(PAUSES_SECONDS)) - 1])


def is_last(attempts: int) -> bool:
    """Whether the attempt of this number was the last one."""
    return attempts >= MOST_ATTEMPTS

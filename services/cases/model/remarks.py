"""What stands beside an entry of the discussion: how it came, and what became of its mail."""

from __future__ import annotations

THROUGH_THE_PORTAL = "through the portal"


def with_outcome(before: str, outcome: str) -> str:
    """The remark once the outcome of a mail is known: that it came through the portal stays."""
    came_by_portal = before.partition(";")[0] == THROUGH_THE_PORTAL
    return f"{THROUGH_THE_PORTAL}; {outcome}" if came_by_portal else outcome

"""The states of a case and the moves between them (K2)."""

from __future__ import annotations

from services.contracts.cases import CLOSED, State
from services.contracts.errors import IllegalMove

MOVES: dict[State, tuple[State, ...]] = {
    "draft": ("open", "pending", "done", "cancelled"),
    "open": ("pending", "done", "cancelled"),
    "pending": ("open", "done", "cancelled"),
    "done": ("open",),
    "cancelled": ("open", "draft"),
}


def check_move(before: State, after: State) -> None:
    """Raises IllegalMove, with the moves there are, when the table has no such move."""
    if after not in MOVES[before]:
        raise IllegalMove(before, after, list(MOVES[before]))


def is_reopening(before: State | None, after: State) -> bool:
    """Whether a closed case becomes one that somebody has to look at."""
    return before in CLOSED and after not in CLOSED

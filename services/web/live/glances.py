"""That a user may see a case, kept for a short time: each open page asks every few seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

from services.contracts.case_commands import CaseGlance

KEPT_SECONDS = 30.0
MOST_KEPT = 5000


class Glances:
    """Glances by user and case; all are forgotten when users or sections change."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], tuple[float, CaseGlance]] = {}
        self._lock = threading.Lock()

    def at(
        self, user_id: int, number: int, ask: Callable[[int], CaseGlance], fresh: bool
    ) -> CaseGlance:
        """The one kept, or what `ask` answers; a `fresh` one is always asked for.

        Raises what `ask` raises: NotFound for a case that he may not see.
        """
        key, moment = (user_id, number), monotonic()
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and not fresh and moment < kept[0]:
            return kept[1]
        glance = ask(number)
        with self._lock:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = (moment + KEPT_SECONDS, glance)
        return glance

    def forget(self) -> None:
        """Rights have changed: ask anew."""
        with self._lock:
            self._kept.clear()

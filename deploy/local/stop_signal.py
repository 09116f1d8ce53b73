"""The operator's word to stop: Ctrl-C, SIGTERM, or the terminal that goes away."""

from __future__ import annotations

import signal
from time import monotonic

# A process group's signal and the one that make hands on come within a moment of each
# other; they are one request.
SAME_REQUEST_SECONDS = 0.5


class StopSignal:
    """Counts the requests: after the first we stop in good order, after the second at once."""

    def __init__(self) -> None:
        self.requests = 0
        self._last = float("-inf")

    def listen(self) -> None:
        """Take the signals from now on."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._take)

    def _take(self, number: int, _frame: object) -> None:
        recent = monotonic() - self._last < SAME_REQUEST_SECONDS
        # Only a person at the keyboard can mean "now": supervisors repeat SIGTERM idly.
        if self.requests == 0 or (number == signal.SIGINT and not recent):
            self.requests += 1
        self._last = monotonic()

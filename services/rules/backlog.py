"""Whether what waited in the queue while the service was stopped has been taken in.

A case closed meanwhile still looks open until its event is handled; timed rules that fell
due must not fire on it. So the sweep begins behind the backlog.
"""

from __future__ import annotations

from time import monotonic

FULL_BATCH = 100  # the consumer gives no more at once: a smaller one has emptied the queue
QUIET_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 60.0


class Backlog:
    """Done with the first batch that was not full, or when nothing comes for a while."""

    def __init__(self) -> None:
        self._started = self._heard = monotonic()
        self._done = False

    def took(self, messages: int) -> None:
        """A batch of so many messages was handled."""
        self._heard = monotonic()
        self._done = self._done or messages < FULL_BATCH

    def is_done(self) -> bool:
        """Whether timed rules may fire; under lasting load they wait a minute at most."""
        moment = monotonic()
        quiet = moment - self._heard >= QUIET_SECONDS
        late = moment - self._started >= LONGEST_WAIT_SECONDS
        self._done = self._done or quiet or late
        return self._done

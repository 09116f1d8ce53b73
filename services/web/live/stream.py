"""One open stream: what waits to be told to one browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from services.web.live.happening import Happening

# What comes within this time is told together: a stream writes at most five times a second.
GATHER_SECONDS = 0.2
MOST_WAITING = 40


@dataclass(frozen=True)
class PresenceChanged:
    """Others came to a case, left it, or do something else there now."""

    number: int


@dataclass(frozen=True)
class LookAgain:
    """Something may have been missed: the page has to ask anew for what it shows."""


Item = Happening | PresenceChanged | LookAgain


class Stream:
    """Filled by the thread that listens, emptied by the one that writes to the browser.

    A browser that is slower than the events gets one `LookAgain` instead of many of them.
    """

    def __init__(self, user_id: int, first: Sequence[Item] = ()) -> None:
        self.user_id = user_id
        self.closed = False
        self._waiting: list[Item] = list(first)
        self._in_doubt = False
        self._woken = threading.Condition()

    def put(self, item: Item) -> None:
        """Have it told."""
        with self._woken:
            if isinstance(item, LookAgain) or len(self._waiting) >= MOST_WAITING:
                self._waiting = [LookAgain()]
            elif self._waiting != [LookAgain()]:
                self._waiting.append(item)
            self._woken.notify()

    def doubt(self) -> None:
        """Something about users or sections changed: look at the rights of this one again."""
        with self._woken:
            self._in_doubt = True
            self._woken.notify()

    def was_doubted(self) -> bool:
        """Whether somebody doubted since this was asked last."""
        with self._woken:
            doubted, self._in_doubt = self._in_doubt, False
        return doubted

    def close(self) -> None:
        """End it; whoever waits for something to tell wakes up."""
        with self._woken:
            self.closed = True
            self._woken.notify()

    def wait(self, seconds: float, only_for_its_end: bool = False) -> None:
        """Until there is something to tell or to do, or the time is over."""
        with self._woken:
            if only_for_its_end:
                self._woken.wait_for(lambda: self.closed, seconds)
            elif not (self._waiting or self._in_doubt or self.closed):
                self._woken.wait(seconds)
            come = bool(self._waiting) and not self.closed
        if come:
            time.sleep(GATHER_SECONDS)

    def take(self) -> list[Item]:
        """All that waits, to be told now."""
        with self._woken:
            found, self._waiting = self._waiting, []
        return found

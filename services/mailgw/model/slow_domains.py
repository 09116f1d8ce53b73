"""Domains whose mail a server kept us waiting for, so that others do not wait behind it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

SLOW_SECONDS = 20.0
REST_SECONDS = 60.0
WHY = "the server took long over another mail to that domain; this one is tried later"


class SlowDomains:
    """Remembers, for a minute, the domains of mails that took long and reached nobody."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def took(self, recipients: Iterable[str], seconds: float) -> None:
        """A mail to these was waited for in vain for so long."""
        if seconds >= SLOW_SECONDS:
            until = self._clock() + REST_SECONDS
            self._until.update(dict.fromkeys(map(_domain, recipients), until))

    def hold(self, recipients: Iterable[str]) -> bool:
        """Whether a mail to these goes to such domains alone."""
        at = self._clock()
        self._until = {domain: until for domain, until in self._until.items() if until > at}
        return bool(self._until) and self._until.keys() >= set(map(_domain, recipients))


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()

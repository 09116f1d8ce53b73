"""Making the standard library cooperative under eventlet."""

from __future__ import annotations

import eventlet


def patch() -> None:
    """Patch the standard library; call before anything else is imported."""
    eventlet.monkey_patch()
    _ask_for_addresses_anew()


def _ask_for_addresses_anew() -> None:
    """Eventlet's own resolver remembers what a name stood for as long as the answer allows.

    With containers that is ten minutes and more, in which a broker that was made anew, at another
    address, would not be found. The system's resolver remembers nothing either.
    """
    from eventlet.support import greendns

    class Anew(greendns.ResolverProxy):  # type: ignore[misc]
        def clear(self) -> None:
            super().clear()
            self._resolver.cache = None

    greendns.resolver = Anew(hosts_resolver=greendns.HostsResolver())

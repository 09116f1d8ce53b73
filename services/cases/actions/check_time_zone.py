"""Whether a time zone is one that this machine knows (K4, C1)."""

from __future__ import annotations

from zoneinfo import available_timezones

from services.contracts.errors import InvalidRequest

TIME_ZONES = frozenset(available_timezones())


def check_time_zone(name: str) -> None:
    """Raises InvalidRequest naming `time_zone`."""
    if name not in TIME_ZONES:
        told = f"{name!r} is no time zone; name one such as Europe/Brussels"
        raise InvalidRequest("time_zone", told)

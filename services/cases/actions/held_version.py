"""Whether the caller changes what he has read."""

from __future__ import annotations

from services.contracts.errors import InvalidRequest, StaleVersion


def check_held_version(what: str, held: int | None, current: int) -> None:
    """Raises InvalidRequest when no version is given, StaleVersion when it is an older one."""
    if held is None:
        raise InvalidRequest("version", "give the version that you read, so that nothing is lost")
    if held != current:
        raise StaleVersion(what, held, current)

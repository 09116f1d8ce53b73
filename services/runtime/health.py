"""Whether a service can do its work, and what is missing when it cannot."""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[[], str | None]


class Health:
    """Named checks; each answers None when all is well, else a sentence."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def add(self, name: str, check: Check) -> None:
        """Ask this check, too, whenever readiness is asked for."""
        self._checks[name] = check

    def missing(self) -> dict[str, str]:
        """What is missing, by the name of the check; empty when the service is ready."""
        found = {name: check() for name, check in self._checks.items()}
        return {name: why for name, why in found.items() if why is not None}

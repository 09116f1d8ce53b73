"""Errors that cross from one service to another.

nameko carries an error's arguments as texts and lists of texts, so a constructor takes
its numbers in either form.
"""

from __future__ import annotations

from typing import Any


class ContractError(Exception):
    """Base of what a caller in another service can be told."""


class UnreadableMessage(ContractError):
    """A message on the bus does not fit its schema."""


class InvalidRequest(ContractError):
    """A field of a request cannot be taken: `InvalidRequest(field, what_to_do)`."""

    def __init__(self, field: str, what_to_do: str) -> None:
        super().__init__(field, what_to_do)
        self.field = field
        self.what_to_do = what_to_do

    def __str__(self) -> str:
        return f"{self.field}: {self.what_to_do}"


class NotFound(ContractError):
    """There is no such thing: `NotFound("case", 101)`."""

    def __init__(self, what: str, key: Any) -> None:
        super().__init__(what, key)
        self.what = what
        self.key = key

    def __str__(self) -> str:
        return f"there is no {self.what} {self.key}"


class StaleVersion(ContractError):
    """Somebody changed it meanwhile: `StaleVersion("case", expected, current)`."""

    def __init__(self, what: str, expected: int | str, current: int | str) -> None:
        super().__init__(what, expected, current)
        self.what = what
        self.expected = int(expected)
        self.current = int(current)

    def __str__(self) -> str:
        return (
            f"the {self.what} was changed meanwhile: you hold version {self.expected}, "
            f"it is at {self.current}; read it again and repeat your change"
        )


class IllegalMove(ContractError):
    """The transition table has no such move: `IllegalMove("done", "pending", ["open"])`."""

    def __init__(self, before: str, after: str, allowed: list[str]) -> None:
        super().__init__(before, after, allowed)
        self.before = before
        self.after = after
        self.allowed = allowed

    def __str__(self) -> str:
        allowed = ", ".join(self.allowed)
        return f"a {self.before} case cannot become {self.after}; it can become {allowed}"


class ServiceAway(ContractError):
    """A service did not answer in time: `ServiceAway("cases", 5.0)`."""

    def __init__(self, service: str, waited_seconds: float | str) -> None:
        super().__init__(service, waited_seconds)
        self.service = service
        self.waited_seconds = float(waited_seconds)

    def __str__(self) -> str:
        return (
            f"the {self.service} service did not answer within {self.waited_seconds:g} s; try again"
        )


CROSSING: tuple[type[ContractError], ...] = (InvalidRequest, NotFound, StaleVersion, IllegalMove)

"""What can go wrong inside the rules service and does not concern a caller by itself."""

from __future__ import annotations

from collections.abc import Sequence


class RulesError(Exception):
    """Base of this service's own errors."""


class RuleBroke(RulesError):
    """Judging an event by these rules failed; the message names each with its error."""

    def __init__(self, broken: Sequence[tuple[str, Exception]]) -> None:
        super().__init__("; ".join(f"rule “{name}”: {error!r}" for name, error in broken))


class MistakesInFile(RulesError):
    """A file of rules cannot be loaded; `mistakes` says what to do about each."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)

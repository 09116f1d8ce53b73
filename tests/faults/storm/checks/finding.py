"""What a check found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MOST_TOLD = 50


@dataclass
class Finding:
    """What was looked at, in numbers, and a sentence for each thing that is wrong.

    `explained` are sentences for what is odd and has its reason. Of many alike the first are
    kept; `wrong_count` counts all.
    """

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)
    wrong_count: int = 0

    def accuse(self, sentence: str) -> None:
        """This is wrong."""
        self.wrong_count += 1
        if len(self.wrong) < MOST_TOLD:
            self.wrong.append(sentence)

    def expect(self, holds: bool, sentence: str) -> None:
        """Accuse unless it holds."""
        if not holds:
            self.accuse(sentence)

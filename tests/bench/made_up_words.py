"""Words of a language that nobody speaks, as frequent and as rare as words are."""

from __future__ import annotations

from itertools import accumulate, product
from random import Random

_SYLLABLES = [a + b for a, b in product((*"bdfghklmnprstvwz", "br", "st", "kl"), (*"aeiou", "ei"))]
VOCABULARY = 30_000


class MadeUpWords:
    """Texts by a random generator; a word's share falls with its rank (Zipf)."""

    def __init__(self, random: Random) -> None:
        self._random = random
        made: set[str] = set()
        while len(made) < VOCABULARY:
            made.add("".join(random.choices(_SYLLABLES, k=random.randint(2, 4))))
        self._words = sorted(made)
        random.shuffle(self._words)
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))

    def text(self, words: int) -> str:
        """So many words."""
        chosen = self._random.choices(self._words, cum_weights=self._weights, k=words)
        return " ".join(chosen)

    def ranked(self, rank: int) -> str:
        """The word of this rank; 0 is the most frequent."""
        return self._words[rank]

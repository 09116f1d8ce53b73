"""Sentences that services write in English, told in the language of the page.

A sentence with values in it is known by its English with places, such as "at most %(number)s
characters": what stands in a place is taken over as it is, but for codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from services.web.pages.rule_spans import WRITTEN, span_of
from services.web.pages.words import PRIORITIES_WITHIN, STATES_WITHIN
from services.web.translation import ENGLISH, InContext, gettext, language, pgettext

PLACE = re.compile(r"%\((\w+)\)s")
Fill = Callable[[str], str]


def _state(code: str) -> str:
    return STATES_WITHIN.get(code) or code


def _states(codes: str) -> str:
    return ", ".join(_state(code) for code in codes.split(", "))


CODE = "[a-z]+"
SHAPES = {
    "state": CODE,
    "before": CODE,
    "after": CODE,
    "allowed": "[a-z, ]*",
    "priority": CODE,
    "distance": WRITTEN,
}
# Places whose value is a code, or English itself.
FILLED: dict[str, Fill] = {
    "state": _state,
    "before": _state,
    "after": _state,
    "allowed": _states,
    "priority": lambda code: PRIORITIES_WITHIN.get(code) or code,
    "distance": span_of,
}


class KnownSentences:
    """A table of sentences, marked by `gettext_noop` or `pgettext_noop`."""

    def __init__(self, texts: Iterable[str | InContext]) -> None:
        self._exact: dict[str, str | InContext] = {}
        self._patterns: list[tuple[re.Pattern[str], str | InContext]] = []
        for text in texts:
            self._exact[_english(text)] = text
        # The more words of its own one has, the more it says.
        for text in sorted(self._exact.values(), key=_own_words, reverse=True):
            if PLACE.search(_english(text)):
                self._patterns.append((_pattern(_english(text)), text))
        self._match = lru_cache(maxsize=512)(self._find)

    def __contains__(self, english: str) -> bool:
        return self._match(english) is not None

    def told(self, english: str) -> str:
        """The sentence in the language of the page; as it came where the table lacks it."""
        found = None if language() == ENGLISH else self._match(english)
        if found is None:
            return english
        text, values = found
        filled = {name: FILLED.get(name, str)(value) for name, value in values.items()}
        return pgettext(*text, **filled) if isinstance(text, InContext) else gettext(text, **filled)

    def _find(self, english: str) -> tuple[str | InContext, dict[str, str]] | None:
        if english in self._exact:
            return self._exact[english], {}
        for pattern, text in self._patterns:
            matched = pattern.fullmatch(english)
            if matched:
                return text, matched.groupdict()
        return None


def _english(text: str | InContext) -> str:
    return text.text if isinstance(text, InContext) else text


def _own_words(text: str | InContext) -> int:
    return len(PLACE.sub("", _english(text)))


def _pattern(english: str) -> re.Pattern[str]:
    parts = PLACE.split(english)
    made = [
        re.escape(part) if place % 2 == 0 else f"(?P<{part}>{SHAPES.get(part, '.+')})"
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(made), re.DOTALL)

"""Finding the words of a language among those that are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Words = TypeVar("Words")


def in_language(known: Mapping[str, Words], language: str) -> Words:
    """Those of a language such as "de" or "de-AT"; the English ones for one that is not known.

    `known` has them by code of ISO 639, "en" among them.
    """
    return known.get(language.partition("-")[0].lower(), known["en"])

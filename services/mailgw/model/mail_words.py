"""The words by which a mail is found; both databases get them taken apart and folded here."""

from __future__ import annotations

import re
import unicodedata

from services.contracts.errors import InvalidRequest

LONGEST_WORD = 40
MOST_CHARACTERS = 900  # of sender and subject together, which are cut to less
MOST_WORDS_ASKED = 10
_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")


def words_of(*texts: str | None) -> str:
    """The words of these texts, each once, with a blank between."""
    text = " ".join(text for text in texts if text)[:MOST_CHARACTERS]
    return " ".join(dict.fromkeys(_words(text)))


def asked(question: str) -> tuple[str, ...]:
    """The beginnings of words that must all be there. Raises InvalidRequest for too many."""
    words = tuple(dict.fromkeys(_words(question)))
    if len(words) > MOST_WORDS_ASKED:
        raise InvalidRequest("q", f"search for at most {MOST_WORDS_ASKED} words")
    return words


def holds(words: str, asked_for: tuple[str, ...]) -> bool:
    """Whether the words of a mail hold all that is asked for."""
    text = f" {words}"
    return all(f" {beginning}" in text for beginning in asked_for)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return [word[:LONGEST_WORD] for word in _WORD.findall(_ACCENTS.sub("", folded))]

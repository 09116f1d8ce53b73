"""The words of a text as the search knows them, and what a search asks for.

Both databases get words that were taken apart and folded here, so both find the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from services.contracts.errors import InvalidRequest

LONGEST_WORD = 40
LONGEST_QUESTION = 500
MOST_WORDS_ASKED = 20
_WORD = re.compile(r"[^\W_]+")
# Accents of Latin, Greek and Cyrillic letters, and the points of Hebrew and Arabic.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670]+"
)
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_ASKED = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True)
class Phrase:
    """Words that must follow each other; the last may go on where `beginning` is true."""

    words: tuple[str, ...]
    beginning: bool


def fold(text: str) -> str:
    """The text in lower case, without accents and ligatures."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    # Some letters are capitals only once they are taken apart, such as the bold ones of formulas.
    apart = unicodedata.normalize("NFKD", apart.casefold())
    return _MARKS.sub("", apart).translate(_PLAIN)


def words_of(text: str, most_bytes: int) -> list[str]:
    """The words in order, as many as fit into so many bytes with a blank behind each."""
    words: list[str] = []
    left = most_bytes
    for word in _words(text[:most_bytes]):
        left -= len(word.encode()) + 1
        if left < 0:
            break
        words.append(word)
    return words


def asked(question: str) -> tuple[Phrase, ...]:
    """What a search asks for: each of these must be found.

    What stands together ("ann@blue.example") must be found together, and so must what stands
    in quotes. Raises InvalidRequest for a question that is too long.
    """
    if len(question) > LONGEST_QUESTION:
        raise InvalidRequest("q", f"search for at most {LONGEST_QUESTION} characters")
    phrases = []
    for quoted, plain in _ASKED.findall(question):
        words = tuple(_words(quoted or plain))
        if words:
            phrases.append(Phrase(words, beginning=not quoted))
    if sum(len(one.words) for one in phrases) > MOST_WORDS_ASKED:
        raise InvalidRequest("q", f"search for at most {MOST_WORDS_ASKED} words")
    return tuple(dict.fromkeys(phrases))


def number_asked(question: str) -> int | None:
    """The number of a case, when the question is nothing else: 101, #101 or [101]."""
    found = re.fullmatch(r"\[?#?([0-9]{1,9})\]?", question.strip())
    return int(found[1]) if found else None


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(fold(text)):
        yield word[:LONGEST_WORD]

"""The words by which a mail is found; both databases get them taken apart and folded here."""

from __future__ import annotations

import re
import unicodedata

from services.contracts.errors import InvalidRequest

LONGEST_WORD = 40
LONGEST_ADDRESS = 80
MOST_CHARACTERS = 900  # of sender and subject together, which are cut to less
MOST_WORDS_ASKED = 10
_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")


def words_of(*texts: str | None) -> str:
    """The words of these texts, each once, with a blank between.

    An address and its domain are words as a whole, too: the parts of most are in many mails.
    """
    text = _folded(" ".join(text for text in texts if text)[:MOST_CHARACTERS])
    words = _words(text)
    for chunk in text.split():
        if "@" in chunk:
            words += [_whole(chunk), _whole(chunk.rpartition("@")[2])]
    return " ".join(dict.fromkeys(word for word in words if word))


def asked(question: str) -> tuple[str, ...]:
    """The beginnings of words that must all be there. Raises InvalidRequest for too many."""
    words: list[str] = []
    for chunk in _folded(question).split():
        words += [_whole(chunk)] if "@" in chunk else _words(chunk)
    found = tuple(dict.fromkeys(word for word in words if word))
    if len(found) > MOST_WORDS_ASKED:
        raise InvalidRequest("q", f"search for at most {MOST_WORDS_ASKED} words")
    return found


def holds(words: str, asked_for: tuple[str, ...]) -> bool:
    """Whether the words of a mail hold all that is asked for."""
    text = f" {words}"
    return all(f" {beginning}" in text for beginning in asked_for)


def _folded(text: str) -> str:
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def _words(folded: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in _WORD.findall(folded)]


def _whole(address: str) -> str:
    """An address as one word: "ann@blue.example" is "annblueexample"."""
    return "".join(_WORD.findall(address))[:LONGEST_ADDRESS]

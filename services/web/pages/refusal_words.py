"""What services refuse, in the language of the page.

Services speak English, to pages and programs alike. Their sentences are told by their English
from the table `refusals.SENTENCES`; one that is not in it is shown as it came.
"""

from __future__ import annotations

import re
from functools import lru_cache

from services.contracts.errors import (
    ContractError,
    IllegalMove,
    InvalidRequest,
    NotFound,
    StaleVersion,
)
from services.web.pages.refusals import SENTENCES, THINGS
from services.web.pages.words import STATES_WITHIN, label
from services.web.translation import gettext

PLACE = re.compile(r"%\((\w+)\)s")


def refusal_words(english: str) -> str:
    """The sentence of a service, such as "at most 100 characters"."""
    found = _match(english)
    if found is None:
        return english
    text, values = found
    return gettext(text, **values)


def error_words(error: ContractError) -> str:
    """The whole of an error of a service as a sentence."""
    match error:
        case StaleVersion():
            return gettext(
                "the %(what)s was changed meanwhile: you hold version %(expected)s, "
                "it is at %(current)s; read it again and repeat your change",
                what=thing(error.what),
                expected=error.expected,
                current=error.current,
            )
        case NotFound():
            return gettext("there is no %(what)s %(key)s", what=thing(error.what), key=error.key)
        case IllegalMove():
            return gettext(
                "a %(before)s case cannot become %(after)s; it can become %(allowed)s",
                before=_state(error.before),
                after=_state(error.after),
                allowed=", ".join(_state(one) for one in error.allowed),
            )
        case InvalidRequest():
            words = refusal_words(error.what_to_do)
            return gettext("%(name)s: %(words)s", name=label(error.field), words=words)
        case _:
            return str(error)


def thing(english: str) -> str:
    """What an error is about, such as "case"."""
    return THINGS.get(english) or english


def as_sentence(words: str) -> str:
    """The words with a capital at the beginning and a full stop at the end."""
    return f"{words[:1].upper()}{words[1:]}" + ("" if words.endswith((".", "?", "!")) else ".")


def is_known(english: str) -> bool:
    """Whether the table has this sentence."""
    return _match(english) is not None


def _state(code: str) -> str:
    return STATES_WITHIN.get(code) or code


@lru_cache(maxsize=512)
def _match(english: str) -> tuple[str, dict[str, str]] | None:
    """The entry of the table that this sentence is made from, and what fills it in."""
    if english in SENTENCES:
        return english, {}
    for text, pattern in _patterns():
        matched = pattern.fullmatch(english)
        if matched:
            return text, matched.groupdict()
    return None


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Those with places to fill in, the longest first: it says the most."""
    found = []
    for text in sorted(SENTENCES, key=len, reverse=True):
        if PLACE.search(text):
            parts = PLACE.split(text)
            made = [re.escape(p) if i % 2 == 0 else f"(?P<{p}>.+)" for i, p in enumerate(parts)]
            found.append((text, re.compile("".join(made), re.DOTALL)))
    return found

"""What services refuse, in the language of the page.

Services speak English, to pages and programs alike. Their sentences are told by their English
from the table `refusals.SENTENCES`; one that is not in it is shown as it came.
"""

from __future__ import annotations

import re

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

FIELD = re.compile(r"[a-z_]+")


def refusal_words(english: str) -> str:
    """The sentence of a service, such as "at most 100 characters"."""
    return SENTENCES.told(english)


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


def refused_words(error: ContractError) -> str:
    """The same without the name of the field, where what was refused is plain to see."""
    if isinstance(error, InvalidRequest):
        return refusal_words(error.what_to_do)
    return error_words(error)


def told_words(english: str) -> str:
    """An error that a service hands over as its text, which is how `error_words` begins."""
    field, colon, rest = english.partition(": ")
    if refusal_words(english) == english and colon and FIELD.fullmatch(field):
        return gettext("%(name)s: %(words)s", name=label(field), words=refusal_words(rest))
    return refusal_words(english)


def thing(english: str) -> str:
    """What an error is about, such as "case"."""
    return THINGS.get(english) or english


def as_sentence(words: str) -> str:
    """The words with a capital at the beginning and a full stop at the end."""
    return f"{words[:1].upper()}{words[1:]}" + ("" if words.endswith((".", "?", "!")) else ".")


def _state(code: str) -> str:
    return STATES_WITHIN.get(code) or code

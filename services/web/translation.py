"""The language that a page speaks, and its texts in it (Flask-Babel, GNU gettext).

A text in the code is its own English; `pgettext` tells apart one English word with two meanings.
Texts that stand in tables are marked by `gettext_noop` and translated when they are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from babel import Locale
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale

from services.web.access.gate import API
from services.web.catalogues import LANGUAGES, catalogue

ENGLISH = "en"
_spoken: ContextVar[str | None] = ContextVar("language of the page", default=None)
# How numbers, months and days are written.
LOCALES = {code: Locale(code) for code in LANGUAGES}


class InContext(NamedTuple):
    """A text of a table whose English has more than one meaning."""

    context: str
    text: str


def install(app: Flask) -> None:
    """Let the app speak the language of who reads, and give its templates gettext."""
    Babel(app, locale_selector=_locale_of_reader, configure_jinja=False)
    app.teardown_request(_forget_language)
    environment = app.jinja_env
    environment.policies["ext.i18n.trimmed"] = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        # These only look up: in templates Jinja fills in, and escapes what it fills in.
        lambda text: catalogue(language()).gettext(text),
        lambda one, many, num: catalogue(language()).ngettext(one, many, num),
        newstyle=True,
        pgettext=lambda context, text: catalogue(language()).pgettext(context, text),
        npgettext=lambda context, one, many, num: catalogue(language()).npgettext(
            context, one, many, num
        ),
    )
    environment.globals.update(language=language)
    for code in LANGUAGES:
        catalogue(code)  # one that cannot be read is told at start


def best_language(code: str) -> str | None:
    """The language that we have for a code such as "de-AT"; None where we have none."""
    short = code.replace("_", "-").partition("-")[0].strip().lower()
    return short if short in LANGUAGES else None


def language() -> str:
    """The language of the page that is made, as `lang` has it; English outside of requests."""
    # A page asks this hundreds of times: looking it up through `g` was a tenth of its time.
    return _spoken.get() or _find_language()


def locale() -> Locale:
    """How the reader writes numbers and days."""
    return LOCALES[language()]


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Let all that is told meanwhile be in this language, whoever reads the page."""
    with force_locale(code):
        before = _spoken.set(code)
        try:
            yield
        finally:
            _spoken.reset(before)


def gettext(text: str, /, **values: object) -> str:
    """The text in the reader's language, its %(name)s filled in."""
    told = catalogue(language()).gettext(text)
    return told % values if values else told


def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
    """The text for this number, which is %(num)s in it."""
    told = catalogue(language()).ngettext(one, many, num)
    return told % {"num": num, **values}


def pgettext(context: str, text: str, /, **values: object) -> str:
    """The text in one of the meanings of its English."""
    told = catalogue(language()).pgettext(context, text)
    return told % values if values else told


def npgettext(context: str, one: str, many: str, num: int, /, **values: object) -> str:
    """The text for this number in one of the meanings of its English."""
    told = catalogue(language()).npgettext(context, one, many, num)
    return told % {"num": num, **values}


def gettext_noop(text: str) -> str:
    """The text as it is, to be translated when it is shown."""
    return text


def pgettext_noop(context: str, text: str) -> InContext:
    """The text as it is, with its meaning, to be translated when it is shown."""
    return InContext(context, text)


def _find_language() -> str:
    if not has_request_context():
        return ENGLISH
    found = str(get_locale().language)
    _spoken.set(found)
    return found


def _forget_language(_error: BaseException | None) -> None:
    _spoken.set(None)


def _locale_of_reader() -> Locale:
    """Of the signed-in user; before he signs in the one that his browser asks for.

    Programs get English: what they are told is compared, not read.
    """
    if request.path.startswith(API):
        return LOCALES[ENGLISH]
    user = g.get("user")
    if user is not None:
        return LOCALES[best_language(user.language) or ENGLISH]
    return LOCALES[request.accept_languages.best_match(LANGUAGES, ENGLISH)]

"""The words of the partners' portal, in the language that a section's mails speak.

The contact reads what the mails to him are written in, not what an agent has chosen; a language
that we do not have is English here as it is in the mails.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from babel.dates import format_datetime

from services.web.pages.word_table import Words
from services.web.translation import (
    ENGLISH,
    best_language,
    gettext_noop,
    in_language,
    language,
    locale,
    pgettext_noop,
)

# Patterns of Unicode TR 35.
DAY_PATTERNS = {"en": "d MMMM y", "de": "d. MMMM y", "fr": "d MMMM y"}

# By `PortalState`.
STATES = Words(
    {
        "received": pgettext_noop("to a partner", "Received"),
        "in_work": pgettext_noop("to a partner", "We are working on it"),
        "waiting": pgettext_noop("to a partner", "Waiting"),
        "closed": pgettext_noop("to a partner", "Closed"),
    }
)
# What was wrong with an answer.
ANSWER_FAULTS = Words(
    {
        "needed": gettext_noop("Write something first."),
        "too_long": gettext_noop("That is too long. Send it as a file, please."),
        "too_large": gettext_noop(
            "These files are too large: at most 25 MB in all, and 50 of them. "
            "Your text is kept; please choose the files again."
        ),
    }
)
# A title and a sentence, by the HTTP status.
FAULT_TITLES = Words(
    {
        "404": gettext_noop("This link does not work any more"),
        "413": gettext_noop("That is too large"),
        "429": gettext_noop("Too many tries"),
        "503": gettext_noop("Not to be reached just now"),
    }
)
FAULTS = Words(
    {
        "404": gettext_noop(
            "It may have ended, or a part of it was lost on the way. The newest mail that you "
            "had from us has a fresh one. Or just answer that mail, or write to the address it "
            "came from."
        ),
        "413": gettext_noop("At most 25 MB in all. Go back and leave a file out."),
        "429": gettext_noop("Please wait a while and try again, or answer our mail."),
        "503": gettext_noop(
            "Nothing was lost but what you have just sent. Go back, and try again in a minute."
        ),
    }
)


@contextmanager
def in_language_of(mails: str) -> Iterator[None]:
    """Let the page be told in the language of a section's mails, such as "de" or "de-AT"."""
    with in_language(best_language(mails) or ENGLISH):
        yield


def portal_day(moment: datetime) -> str:
    """The day in full, as the language writes it (UTC): "25 November 2026"."""
    return format_datetime(moment, DAY_PATTERNS[language()], tzinfo=UTC, locale=locale())


def portal_moment(moment: datetime) -> str:
    """Day and time, saying that it is UTC: where the reader is nobody knows."""
    return f"{portal_day(moment)}, {moment.astimezone(UTC):%H:%M} UTC"

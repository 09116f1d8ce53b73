"""The texts that the scripts of a page need, in its language; `data-words` hands them over."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache

from services.web.pages.spans import STEPS, late_words, left_words
from services.web.translation import gettext, language, ngettext

# One of each form of the plural in the languages that we have.
FORMS = {"one": 1, "other": 2}


def script_words() -> str:
    """All of them as JSON.

    A text that counts is an object from the form of the plural (`Intl.PluralRules`) to the text;
    in it {n} is the number, in others {span} a span of time.
    """
    return _of_language(language())


@lru_cache(maxsize=8)
def _of_language(_language: str) -> str:
    words = {
        "now": gettext("just now"),
        "busy": gettext("One moment …"),
        "steps": [
            {
                "limit": step.limit,
                "seconds": step.seconds,
                "plain": plural_forms(step.plain),
                "ago": plural_forms(step.ago),
                "ahead": plural_forms(step.ahead),
            }
            for step in STEPS
        ],
        "left": left_words("{span}"),
        "late": late_words("{span}"),
        "ticked": plural_forms(_ticked),
        "kilobytes": gettext("%(count)s kB", count="{n}"),
        "megabytes": gettext("%(count)s MB", count="{n}"),
    }
    return json.dumps(words, ensure_ascii=False)


def plural_forms(told: Callable[[int, object], str]) -> dict[str, str]:
    """The texts of something that counts, by the form of the plural."""
    return {form: told(number, "{n}") for form, number in FORMS.items()}


def _ticked(count: int, shown: object) -> str:
    return ngettext("%(count)s ticked", "%(count)s ticked", count, count=shown)

"""Why something was done or was not, in the language of the page."""

from __future__ import annotations

from services.web.pages.action_form import TITLES
from services.web.pages.reasons import REASONS
from services.web.pages.refusal_words import refusal_words
from services.web.translation import ENGLISH, gettext, language

BECAUSE = "because "  # as the cases service writes it
BETWEEN = "; "


def reason_words(english: str) -> str:
    """A reason, such as "because its priority is high; reminded eve@ours.example"."""
    if english.startswith(BECAUSE):
        return gettext("because %(why)s", why=reason_words(english.removeprefix(BECAUSE)))
    parts = english.split(BETWEEN)
    # A sentence, or a value in it, may have such a sign of its own.
    if english in REASONS and not all(one in REASONS for one in parts):
        return REASONS.told(english)
    return BETWEEN.join(REASONS.told(one) for one in parts)


def not_done_words(english: str) -> str:
    """What a rule could not do, such as "escalate: its section escalates to none; …"."""
    if language() == ENGLISH:
        return english
    return BETWEEN.join(_action_not_done(one) for one in _actions(english))


def _actions(english: str) -> list[str]:
    """The parts that each begin with the name of an action."""
    found: list[str] = []
    for part in english.split(BETWEEN):
        if found and part.partition(": ")[0] not in TITLES:
            found[-1] += BETWEEN + part
        else:
            found.append(part)
    return found


def _action_not_done(english: str) -> str:
    action, _, why = english.partition(": ")
    if action not in TITLES:
        return english
    told = REASONS.told(why) if why in REASONS else refusal_words(why)
    return gettext("%(name)s: %(words)s", name=TITLES[action], words=told)

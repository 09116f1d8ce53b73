"""The words that pages use for what services call by code."""

from __future__ import annotations

import zlib

from services.web.pages.field_words import FIELDS
from services.web.pages.word_table import Words
from services.web.translation import gettext, gettext_noop, language, pgettext_noop

STATES = Words(
    {
        "draft": gettext_noop("Draft"),
        "open": gettext_noop("Open"),
        "pending": gettext_noop("Pending"),
        "done": gettext_noop("Done"),
        "cancelled": gettext_noop("Cancelled"),
    }
)
CLOSED = ("done", "cancelled")
# What the button says that moves a case there.
MOVES = Words(
    {
        "draft": pgettext_noop("button", "Back to draft"),
        "open": pgettext_noop("button", "Open"),
        "pending": pgettext_noop("button", "Pending"),
        "done": pgettext_noop("button", "Done"),
        "cancelled": pgettext_noop("button", "Cancel"),
    }
)
PRIORITIES = Words(
    {
        "highest": gettext_noop("Highest"),
        "high": gettext_noop("High"),
        "normal": gettext_noop("Normal"),
        "low": gettext_noop("Low"),
        "lowest": gettext_noop("Lowest"),
    }
)
ROLES = Words(
    {
        "admin": gettext_noop("Administrator"),
        "manager": gettext_noop("Manager"),
        "agent": gettext_noop("Agent"),
        "read-only": gettext_noop("Read only"),
    }
)
SIGHT = Words(
    {
        "all": gettext_noop("All cases"),
        "sections": gettext_noop("Those of his sections, and his own"),
    }
)
STATES_WITHIN = Words(
    {
        "draft": pgettext_noop("within a sentence", "draft"),
        "open": pgettext_noop("within a sentence", "open"),
        "pending": pgettext_noop("within a sentence", "pending"),
        "done": pgettext_noop("within a sentence", "done"),
        "cancelled": pgettext_noop("within a sentence", "cancelled"),
    }
)
PRIORITIES_WITHIN = Words(
    {
        "highest": pgettext_noop("within a sentence", "highest"),
        "high": pgettext_noop("within a sentence", "high"),
        "normal": pgettext_noop("within a sentence", "normal"),
        "low": pgettext_noop("within a sentence", "low"),
        "lowest": pgettext_noop("within a sentence", "lowest"),
    }
)
ATTENDANCE = Words(
    {
        "waiting": pgettext_noop("invitation", "no answer yet"),
        "accepted": pgettext_noop("invitation", "accepted"),
        "declined": pgettext_noop("invitation", "declined"),
        "tentative": pgettext_noop("invitation", "perhaps"),
    }
)
# How a case stands to the one that it is linked to.
RELATIONS = Words(
    {
        "related": gettext_noop("Related to"),
        "follows": gettext_noop("Follows"),
        "followed_by": gettext_noop("Followed by"),
        "duplicate_of": gettext_noop("Duplicate of"),
        "duplicated_by": gettext_noop("Duplicated by"),
    }
)

CODES = FIELDS | ROLES | PRIORITIES | STATES

# What set a rule off, as its page and a case's history tell it.
EVENTS = Words(
    {
        "case.created": gettext_noop("the opening of the case"),
        "case.updated": gettext_noop("a change of the case"),
        "case.state_changed": gettext_noop("a change of state"),
        "case.message_added": gettext_noop("a message"),
        "case.escalated": gettext_noop("an escalation"),
    }
)


def move_words(before: str, after: str) -> str:
    """What the button says that moves a case from one state to another."""
    if after == "open" and before in CLOSED:
        return gettext("Reopen")
    return MOVES[after]


# What the choice of a state to go on to says, beside an answer.
THEN = Words(
    {
        "draft": gettext_noop("then back to draft"),
        "open": gettext_noop("then open"),
        "pending": gettext_noop("then pending"),
        "done": gettext_noop("then done"),
        "cancelled": gettext_noop("then cancel"),
    }
)


def then_words(before: str, after: str) -> str:
    """What the choice says that moves a case on once it is answered."""
    if after == "open" and before in CLOSED:
        return gettext("then reopen")
    return THEN[after]


def within(name: str) -> str:
    """The name of a field as it stands within a sentence: German nouns keep their capital."""
    return name if language() == "de" else name.lower()


def label(code: str) -> str:
    """A code as a person reads it: "estimated_cost" is "Estimated cost"."""
    known = CODES.get(code)
    if known is not None:
        return known
    return code.replace("_", " ").replace("-", " ").capitalize()


def initials(name: str) -> str:
    """Two letters for a round picture: "Anna Berger" is "AB"."""
    words = [word for word in name.split("<", maxsplit=1)[0].split() if word[:1].isalnum()]
    if not words:
        return name[:1].upper() or "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def hue(name: str) -> int:
    """One of twelve colours, always the same for a name."""
    return zlib.crc32(name.encode()) % 12

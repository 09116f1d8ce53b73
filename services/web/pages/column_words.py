"""What the columns of the case list are called."""

from __future__ import annotations

from services.web.list_columns import COLUMNS
from services.web.pages.word_table import Words
from services.web.translation import gettext_noop, pgettext_noop

COLUMN_WORDS = Words(
    {
        "state": gettext_noop("State"),
        "number": gettext_noop("Number"),
        "subject": gettext_noop("Subject"),
        "partner": gettext_noop("Partner"),
        "contact": gettext_noop("Contact"),
        "section": gettext_noop("Section"),
        "category": gettext_noop("Category"),
        "kind": gettext_noop("Kind"),
        "responsible": gettext_noop("Responsible"),
        "priority": gettext_noop("Priority"),
        "due": gettext_noop("Time left"),
        "start": pgettext_noop("of a meeting", "Start"),
        "created": gettext_noop("Opened"),
        "since": gettext_noop("In its state since"),
        "spent": gettext_noop("Time spent"),
        "when": gettext_noop("Last activity"),
    }
)
assert tuple(COLUMN_WORDS) == COLUMNS

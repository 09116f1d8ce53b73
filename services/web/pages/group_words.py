"""What groups of cases are called on pages."""

from __future__ import annotations

from typing import get_args

from services.contracts.case_views import CaseCount, Cut
from services.web.pages.word_table import Words
from services.web.pages.words import PRIORITIES, STATES
from services.web.translation import gettext, gettext_noop, pgettext_noop

CUTS = Words(
    {
        "state": gettext_noop("State"),
        "section": gettext_noop("Section"),
        "responsible": gettext_noop("Responsible"),
        "kind": gettext_noop("Kind"),
        "category": gettext_noop("Category"),
        "priority": gettext_noop("Priority"),
        "partner": gettext_noop("Partner"),
        "month": gettext_noop("Month of opening"),
    }
)
# As they stand in "12 cases by state and section".
CUTS_WITHIN = Words(
    {
        "state": pgettext_noop("cases by …", "state"),
        "section": pgettext_noop("cases by …", "section"),
        "responsible": pgettext_noop("cases by …", "responsible"),
        "kind": pgettext_noop("cases by …", "kind"),
        "category": pgettext_noop("cases by …", "category"),
        "priority": pgettext_noop("cases by …", "priority"),
        "partner": pgettext_noop("cases by …", "partner"),
        "month": pgettext_noop("cases by …", "month of opening"),
    }
)
WITHOUT = Words(
    {
        "section": gettext_noop("No section"),
        "responsible": gettext_noop("Nobody"),
        "category": gettext_noop("No category"),
        "partner": gettext_noop("No partner"),
    }
)


def cut_called(code: str | None) -> Cut | None:
    """The cut of this code, as an address names it; None for none that there is."""
    cuts: tuple[Cut, ...] = get_args(Cut)
    return next((cut for cut in cuts if cut == code), None)


def group_name(cut: Cut, group: CaseCount) -> str:
    """The name of a group as people know it."""
    if group.key == "":
        return WITHOUT.get(cut) or gettext("None")
    known = {"state": STATES, "priority": PRIORITIES}.get(cut)
    return (known.get(group.key) if known else None) or group.name or group.key

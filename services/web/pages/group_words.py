"""What groups of cases are called on pages."""

from __future__ import annotations

from services.contracts.case_views import CaseCount, Cut
from services.web.pages.words import PRIORITIES, STATES

CUTS: dict[Cut, str] = {
    "state": "State",
    "section": "Section",
    "responsible": "Responsible",
    "kind": "Kind",
    "category": "Category",
    "priority": "Priority",
    "partner": "Partner",
    "month": "Month of opening",
}
WITHOUT: dict[Cut, str] = {
    "section": "No section",
    "responsible": "Nobody",
    "category": "No category",
    "partner": "No partner",
}


def group_name(cut: Cut, group: CaseCount) -> str:
    """The name of a group as people know it."""
    if group.key == "":
        return WITHOUT.get(cut, "None")
    known = {"state": STATES, "priority": PRIORITIES}.get(cut)
    return (known.get(group.key) if known else None) or group.name or group.key

"""Who changed a case before what somebody else did reached it."""

from __future__ import annotations

from services.contracts.case_commands import CaseView
from services.web.translation import gettext


def last_to_change(case: CaseView) -> str:
    """The name of who changed it last, by the case's last entry."""
    name = case.history[-1].actor_name if case.history else ""
    return name or gettext("Somebody")


def who_was_faster(case: CaseView) -> str:
    """In a sentence, who changed it meanwhile."""
    return gettext(
        "%(name)s has changed this case meanwhile; it stands as it is now.",
        name=last_to_change(case),
    )

"""Who changed a case before somebody else's drag reached it."""

from __future__ import annotations

from services.contracts.case_commands import CaseView


def who_was_faster(case: CaseView) -> str:
    """In a sentence, by the case's last entry, who changed it meanwhile."""
    name = case.history[-1].actor_name if case.history else ""
    return f"{name or 'Somebody'} has changed this case meanwhile; it stands as it is now."

"""Trying a rule: what it would have done in the last days, ready to be shown (A9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.contracts.errors import InvalidRequest
from services.contracts.rules import Rehearsal, TryRule
from services.web.access.asking import asking_user
from services.web.pages.form import Form
from services.web.pages.history_words import Shown, shown_changes
from services.web.wiring import wired

MOST_SHOWN = 200


@dataclass(frozen=True)
class Trial:
    """What came out, and for each firing listed what it would have changed."""

    days: int
    found: Rehearsal
    changes: tuple[tuple[Shown, ...], ...]


def try_fields(id: int | None, fields: dict[str, Any], days: int, form: Form) -> Trial | None:
    """The rule `id` with these fields; None with the reason in the form's errors."""
    question = TryRule(id=id, fields=fields, days=days, limit=MOST_SHOWN)
    try:
        found = wired().rules.rehearse(question)
    except InvalidRequest as error:
        form.refused(error)
        return None
    zone = asking_user().time_zone
    changes = tuple(shown_changes(one.changes, zone) for one in found.items)
    return Trial(days, found, changes)

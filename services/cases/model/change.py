"""Changing a case: what a new set of values makes of it, and which fields differ."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.cases.model.states import check_move
from services.contracts.cases import CLOSED, CaseSnapshot, Change

# What follows from other fields or counts events is no change that anybody made.
DERIVED = frozenset(
    {
        "number",
        "version",
        "section_path",
        "partner_categories",
        "created_at",
        "last_action_at",
        "state_since",
        "closed_at",
        "answer_from",
    }
)


def changed(case: CaseSnapshot, values: Mapping[str, Any], at: datetime) -> CaseSnapshot:
    """The case with these values, its version one higher and its dates following its state.

    Raises IllegalMove when `values` holds a state that the table does not allow.
    """
    after = case.model_copy(update={**values, "version": case.version + 1})
    if after.state == case.state:
        return after
    check_move(case.state, after.state)
    closed_at = at if after.state in CLOSED else None
    return after.model_copy(update={"state_since": at, "closed_at": closed_at})


def differences(before: CaseSnapshot | None, after: CaseSnapshot) -> tuple[Change, ...]:
    """Each field that is not what it was; for a new case each that is not empty."""
    old = before.model_dump(mode="json") if before else None
    changes = field_differences(old, after.model_dump(mode="json"))
    return tuple(change for change in changes if change.field not in DERIVED)


def field_differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> tuple[Change, ...]:
    """Each field of `after` that is not what it was; of a new thing each that is not empty."""
    old = before or {}
    return tuple(
        Change(field=field, before=old.get(field), after=value)
        for field, value in after.items()
        if value != old.get(field) and (before is not None or value not in (None, "", [], {}))
    )

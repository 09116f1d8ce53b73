"""What the direct actions of a rule would change of a case; cases itself decides the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.contracts import rules
from services.contracts.cases import CaseSnapshot, Change, Ref, Watcher
from services.rules.model.criteria import Names


def would_change(
    actions: Sequence[rules.Action], case: CaseSnapshot, names: Names
) -> tuple[Change, ...]:
    """The fields that would differ, with their values as JSON; `names` are of what is named.

    Somebody still to be found, such as the least loaded, is not told, nor is an escalation.
    """
    after = case
    for action in actions:
        after = after.model_copy(update=_values(action, after, names))
    old, new = case.model_dump(mode="json"), after.model_dump(mode="json")
    return tuple(
        Change(field=field, before=old[field], after=value)
        for field, value in new.items()
        if value != old[field]
    )


def _values(action: rules.Action, case: CaseSnapshot, names: Names) -> dict[str, Any]:
    values: dict[str, Any] = {}
    match action:
        case rules.SetState(state=state):
            values = {"state": state}
        case rules.MoveToSection(section_id=id):
            values = {"section": _ref(names, "section", id)}
        case rules.Assign(to="user", user_id=int(id)):
            values = {"responsible": _ref(names, "user", id)}
        case rules.SetPriority(priority=priority):
            values = {"priority": priority}
        case rules.SetCategory(category_id=id):
            values = {"category": _ref(names, "category", id)}
        case rules.AddWatchers(addresses=addresses):
            values = {"watchers": _with_watchers(case, addresses)}
        case rules.AddTags(tags=tags):
            values = {"tags": tuple(dict.fromkeys((*case.tags, *tags)))}
        case rules.SetDeadline(which=which, moment=datetime() as moment):
            field = "deadline" if which == "resolution" else "response_deadline"
            values = {field: moment}
        case _:
            pass
    return values


def _ref(names: Names, kind: str, id: int) -> Ref:
    return Ref(id=id, name=names.get((kind, id), f"#{id}"))


def _with_watchers(case: CaseSnapshot, addresses: tuple[str, ...]) -> tuple[Watcher, ...]:
    there = {watcher.address.lower() for watcher in case.watchers}
    new = [one for one in dict.fromkeys(addresses) if one.lower() not in there]
    return (*case.watchers, *(Watcher(address=one, side="staff") for one in new))

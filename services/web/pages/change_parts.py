"""A change of the quality actions of a case, taken apart for people to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from services.contracts.cases import Change
from services.web.translation import gettext, pgettext


def parts_of(changes: Iterable[Change]) -> Iterator[Change]:
    """Each change; of quality actions one for each that differs, in words."""
    for change in changes:
        if change.field != "quality_actions":
            yield change
            continue
        before, after = _actions(change.before), _actions(change.after)
        for id in before | after:
            if before.get(id) != after.get(id):
                yield Change(field="action", before=before.get(id), after=after.get(id))


def _actions(value: Any) -> dict[int, str]:
    """Each action in words, by its id."""
    return {one["id"]: _words(one) for one in value or ()}


def _words(action: dict[str, Any]) -> str:
    preventive = action.get("type") == "preventive"
    told = [gettext("preventive") if preventive else gettext("corrective")]
    if action.get("due"):
        told.append(gettext("due %(day)s", day=action["due"]))
    if action.get("done_at"):
        told.append(pgettext("a quality action", "done"))
    return f"{action.get('text', '')} ({', '.join(told)})"

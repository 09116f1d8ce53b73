"""What differs between two versions of a rule or a calendar, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.contracts.cases import Change
from services.contracts.envelope import Part

NOT_TOLD = {"id", "version"}


def changes_between(before: Part | None, after: Part | None) -> tuple[Change, ...]:
    """The fields that differ; None stands for a thing that is not there yet, or no longer.

    Values are those of JSON; a field within a field is called "criteria.priority".
    """
    old, new = _fields(before), _fields(after)
    return tuple(
        Change(field=field, before=old.get(field), after=new.get(field))
        for field in dict.fromkeys((*old, *new))
        if old.get(field) != new.get(field)
    )


def _fields(part: Part | None) -> dict[str, Any]:
    return dict(_flat("", part.model_dump(mode="json", exclude=NOT_TOLD))) if part else {}


def _flat(at: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{at}{name}.", value)
        else:
            yield f"{at}{name}", value

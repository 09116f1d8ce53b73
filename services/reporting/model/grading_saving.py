"""From the fields that a caller gives to a grading that makes sense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.contracts.errors import InvalidRequest
from services.contracts.grades import LIMITS, Grading
from services.contracts.reading import read
from services.reporting.model.period import zone_named

OWN = {"id", "version"}  # what a caller does not set
NEEDED = ("name", "grades")


def changed_grading(before: Grading | None, fields: Mapping[str, Any]) -> Grading:
    """The grading with these fields; those not given stay, or are the defaults of a new one.

    Raises InvalidRequest for a field that there is not, or whose value cannot be taken.
    """
    known = [name for name in Grading.model_fields if name not in OWN]
    for name in fields:
        if name not in known:
            raise InvalidRequest(name, f"is not known; there are {', '.join(known)}")
    if before is None:
        for name in NEEDED:
            if name not in fields:
                raise InvalidRequest(name, "must be given")
    old = before.model_dump(mode="json") if before else {"id": 0}
    grading = read(Grading, {**old, **fields}, "grading")
    _check(grading)
    return grading


def _check(grading: Grading) -> None:
    if not grading.name.isprintable():
        raise InvalidRequest("name", "give it a name of one line")
    if grading.kind is None and grading.section_id is None:
        raise InvalidRequest("kind", "give a kind or a section: not every case is a problem")
    zone_named(grading.time_zone)
    seen: set[int] = set()
    for place, grade in enumerate(grading.grades):
        if grade.category_id in seen:
            raise InvalidRequest(f"grades.{place}.category_id", "belongs to a better grade already")
        seen.add(grade.category_id)
    last = len(grading.grades) - 1
    for limit in LIMITS:
        if getattr(grading.grades[last], limit) is not None:
            told = "the last grade takes all who are left; leave its limits out"
            raise InvalidRequest(f"grades.{last}.{limit}", told)


def check_others(grading: Grading, others: Iterable[Grading]) -> None:
    """Raises InvalidRequest where another grading has its name or one of its categories."""
    mine = {grade.category_id: place for place, grade in enumerate(grading.grades)}
    for other in others:
        if other.id == grading.id:
            continue
        if other.name == grading.name:
            raise InvalidRequest("name", f"grading {other.id} has this name; choose another")
        for grade in other.grades:
            if grade.category_id in mine:
                field = f"grades.{mine[grade.category_id]}.category_id"
                raise InvalidRequest(field, f"belongs to the grading {other.name!r} already")

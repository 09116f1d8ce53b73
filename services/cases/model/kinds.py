"""Kinds of case, and the custom fields that one may have (K5, K9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.contracts.directory import CustomField
from services.contracts.errors import InvalidRequest

DEFAULT_KIND = "helpdesk"  # what a case is when nobody says: it is always there
LONGEST_CHOICE = 200
MOST_CHOICES = 200


def check_fields(fields: Iterable[CustomField], types: Mapping[str, str]) -> None:
    """Raises InvalidRequest, naming the field by its place, for what a kind cannot have.

    `types` are those of all fields that the kind has or ever had, by code: what is written on
    cases under a code would otherwise not be what it says.
    """
    seen: set[str] = set()
    for place, field in enumerate(fields):
        at = f"fields.{place}"
        if field.code in seen:
            raise InvalidRequest(f"{at}.code", f"{field.code!r} is given twice; choose another")
        seen.add(field.code)
        if not field.name.strip():
            raise InvalidRequest(f"{at}.name", "must not be empty")
        type = types.get(field.code, field.type)
        if type != field.type:
            raise InvalidRequest(
                f"{at}.type",
                f"{field.code!r} is a {type} for good, since cases may hold such values; "
                "add a field with another code",
            )
        _check_choices(f"{at}.choices", field)


def _check_choices(at: str, field: CustomField) -> None:
    if field.type != "choice":
        if field.choices:
            raise InvalidRequest(at, f"only a choice has choices, and this is a {field.type}")
        return
    if not field.choices:
        raise InvalidRequest(at, "give the texts to choose from, at least one")
    if len(field.choices) > MOST_CHOICES:
        raise InvalidRequest(at, f"there can be {MOST_CHOICES} at most")
    for choice in field.choices:
        if not choice.strip() or choice != choice.strip() or len(choice) > LONGEST_CHOICE:
            raise InvalidRequest(
                at,
                f"{choice[:50]!r} must be a text of 1 to {LONGEST_CHOICE} characters "
                "without spaces around it",
            )
    if len(set(field.choices)) < len(field.choices):
        raise InvalidRequest(at, "each must be another")

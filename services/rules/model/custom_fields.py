"""Comparing the fields that a kind of case has of its own (K9) with what a rule asks of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from services.contracts.cases import Change

FIELD = "custom"


def is_value(actual: Any, wanted: Any) -> bool:
    """Whether the field has the value wanted.

    A number is compared by its value, a person by his number; a text, a choice and a date by
    what they read, upper and lower case alike.
    """
    if actual is None:
        return False
    if isinstance(actual, Mapping):
        number = _number(actual.get("id"))
        return number is not None and number == _number(wanted)
    if isinstance(actual, int | float) or isinstance(wanted, int | float):
        number = _number(actual)
        return number is not None and number == _number(wanted)
    return str(actual).strip().casefold() == str(wanted).strip().casefold()


def value_key(value: Any) -> Hashable:
    """The same for a value and whatever is wanted that `is_value` takes for it."""
    one = value.get("id") if isinstance(value, Mapping) else value
    number = _number(one)
    if number is not None and number.is_finite():
        return number
    return str(one).strip().casefold()


def words_for(code: str, actual: Any) -> str:
    """What the field says: "its serial is X-1"."""
    shown = actual.get("name") or f"#{actual.get('id')}" if isinstance(actual, Mapping) else actual
    return f"its {code.replace('_', ' ')} is {shown}"


def field_of(code: str) -> str:
    """What the change of one such field is called."""
    return f"{FIELD}.{code}"


def fields_changed(change: Change) -> Iterator[str]:
    """The field that changed; of a kind's own fields those that differ."""
    if change.field != FIELD:
        yield change.field
        return
    before, after = _fields(change.before), _fields(change.after)
    for code in {*before, *after}:
        if before.get(code) != after.get(code):
            yield field_of(code)


def _fields(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> Decimal | None:
    try:
        return None if isinstance(value, bool) else Decimal(str(value).strip())
    except (ArithmeticError, ValueError):
        return None

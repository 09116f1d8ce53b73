"""Values of custom fields, checked by the type of the field, in the form they are kept in (K9).

A number is kept as a JSON number, whole where it is whole. It has 15 significant digits at
most, since every reader of JSON keeps these; one with more is refused, not rounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from services.contracts.cases import Ref
from services.contracts.directory import CustomField

LONGEST_TEXT = 5_000
MOST_DIGITS = 15
LARGEST = Decimal(10) ** MOST_DIGITS
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
EMPTY = ("", None)

FindPerson = Callable[[int], Ref | None]


class Unfit(ValueError):
    """The value does not fit the field; the message says what would."""


def checked(field: CustomField, value: Any, find_person: FindPerson) -> Any:
    """The value as a case keeps it, None for an empty one. Raises Unfit."""
    if isinstance(value, str):
        value = value.strip()
    if value in EMPTY:
        return None
    match field.type:
        case "text":
            return _text(value)
        case "number":
            return _number(value)
        case "date":
            return _date(value)
        case "choice":
            return _choice(field, value)
        case "person":
            return _person(value, find_person)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise Unfit(f"give a text of at most {LONGEST_TEXT} characters")
    if "\0" in value:
        raise Unfit("leave the null character out")
    return value


def _number(value: Any) -> int | float:
    unfit = Unfit(f"give a number of at most {MOST_DIGITS} digits, such as 12.5")
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise unfit
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError) as error:  # ValueError: a whole number of a book's length
        raise unfit from error
    if not number.is_finite() or abs(number) >= LARGEST or _digits(number) > MOST_DIGITS:
        raise unfit
    kept = int(number) if number == number.to_integral_value() else float(number)
    if Decimal(str(kept)) != number:  # too small to be anything but nought
        raise unfit
    return kept


def _digits(number: Decimal) -> int:
    """How many digits it has, but for noughts before and behind."""
    return len("".join(map(str, number.as_tuple().digits)).strip("0"))


def _date(value: Any) -> str:
    with suppress(ValueError):
        if isinstance(value, str) and DAY.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    raise Unfit("give a day such as 2026-11-25")


def _choice(field: CustomField, value: Any) -> str:
    if value not in field.choices:
        raise Unfit(f"must be one of {', '.join(field.choices)}")
    return str(value)


def _person(value: Any, find_person: FindPerson) -> dict[str, Any]:
    """A user by his number; also as it was answered, with the name beside it."""
    id = value.get("id") if isinstance(value, Mapping) else value
    if isinstance(id, str) and id.isascii() and id.isdigit():
        id = int(id)
    person = find_person(id) if type(id) is int else None
    if person is None:
        raise Unfit("give the number of an active user")
    return person.model_dump()

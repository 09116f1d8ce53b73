"""Custom fields as facts keep them: texts that are equal where the values are.

The first character says what it is: "=" a text, a choice or a day, "#" a number, "@" a person,
who goes by his number, since his name may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

TEXT, NUMBER, PERSON = "=", "#", "@"


def texts_of(custom: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a case's custom fields, by code in order of the alphabet."""
    return {code: _text(custom[code]) for code in sorted(custom)}


def wanted_texts(value: str) -> tuple[str, ...]:
    """The texts of what somebody asks for, who does not say what it is."""
    return tuple(f"{mark}{value}" for mark in (TEXT, NUMBER, PERSON))


def person_of(text: str | None) -> int | None:
    """The number of the person, where it is one."""
    return int(text[1:]) if text and text[0] == PERSON else None


def place(text: str) -> tuple[Any, ...]:
    """Where it stands among others: nothing, numbers by their size, the rest by the alphabet."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_finite():
        return (1, number, text)
    return (2 if text else 0, Decimal(0), text.casefold())


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{PERSON}{value['id']}"
    return f"{NUMBER if isinstance(value, int | float) else TEXT}{value}"

"""What lists filter and sort a case by, worked out from the case."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from services.contracts.cases import CLOSED, CaseSnapshot, Priority

LONGEST_VALUE = 200
RANKS: dict[str, int] = {name: rank for rank, name in enumerate(get_args(Priority), start=1)}


def next_deadline(case: CaseSnapshot) -> datetime | None:
    """The nearer of the deadlines that wait; a closed or answered case waits for less."""
    if case.state in CLOSED:
        return None
    waiting = [case.deadline, None if case.responded_at else case.response_deadline]
    return min((one for one in waiting if one is not None), default=None)


def custom_texts(case: CaseSnapshot) -> dict[str, str]:
    """Each custom field that is not empty, as the text that lists compare."""
    texts = {code: _text(value) for code, value in case.custom.items()}
    return {code: text for code, text in texts.items() if text}


def texts_asked_for(given: str) -> tuple[str, ...]:
    """What a given text may stand as: as it is, and as the number that it may be."""
    return tuple(dict.fromkeys((_text(given), _number(given) or _text(given))))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return str(value.get("id", ""))
    if isinstance(value, int | float | Decimal):
        return (_number(str(value)) or str(value))[:LONGEST_VALUE]
    return " ".join(str(value).split()).casefold()[:LONGEST_VALUE]


def _number(text: str) -> str | None:
    """The number in one way of writing: 1.50 and 15e-1 are 1.5."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > LONGEST_VALUE // 2:
        return None
    written = f"{number:f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written in ("", "-0", "-") else written[:LONGEST_VALUE]

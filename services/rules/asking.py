"""Reading what a caller asks with."""

from __future__ import annotations

from typing import Any

from services.contracts.errors import InvalidRequest
from services.rules.firings import Question
from services.rules.queries import LARGEST_ID

MOST = 1000  # of what is listed at once
LONGEST_DAYS = 365
LONGEST_ID = 50  # characters
WITH_HISTORY = ("rule", "calendar")


def number(field: str, value: Any) -> int:
    """A whole number that the database can compare with. Raises InvalidRequest."""
    if type(value) is not int or abs(value) > LARGEST_ID:
        raise InvalidRequest(field, "must be a whole number of at most 31 bits")
    return value


def number_or_none(field: str, value: Any) -> int | None:
    """The same, where it may be left out."""
    return None if value is None else number(field, value)


def number_within(field: str, value: Any, most: int) -> int:
    """A whole number from 1 to `most`. Raises InvalidRequest."""
    if not 0 < number(field, value) <= most:
        raise InvalidRequest(field, f"must be from 1 to {most}")
    return int(value)


def firings_question(rule_id: Any, case_number: Any, limit: Any, before: Any) -> Question:
    """Which firings are asked for. Raises InvalidRequest."""
    if before is not None and not _is_id(before):
        raise InvalidRequest("before", "give the id of the last firing you got, or leave it out")
    return Question(
        number_or_none("rule_id", rule_id),
        number_or_none("case_number", case_number),
        number_within("limit", limit, MOST),
        before,
    )


def failure(given: Any) -> tuple[int, int] | None:
    """The rule and the case of a failure, where one is given. Raises InvalidRequest."""
    if given is None:
        return None
    if not isinstance(given, list) or len(given) != 2:
        raise InvalidRequest("before", "give the rule's id and the case's number, or leave it out")
    return number("before", given[0]), number("before", given[1])


def history_question(what: Any, key: Any) -> tuple[str, str]:
    """Whose history is asked for. Raises InvalidRequest."""
    if what not in WITH_HISTORY:
        raise InvalidRequest("what", f"must be one of {', '.join(WITH_HISTORY)}")
    if not _is_id(str(key)):
        raise InvalidRequest("key", "give the id of the rule or calendar")
    return str(what), str(key)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable() and len(value) <= LONGEST_ID

"""The one table from what a service can answer to what HTTP says (RFC 9457)."""

from __future__ import annotations

from typing import Any

from services.contracts.errors import (
    ContractError,
    IllegalMove,
    InvalidRequest,
    NotFound,
    ServiceAway,
    StaleVersion,
)

ANSWERS: dict[type[ContractError], tuple[int, str]] = {
    InvalidRequest: (422, "A field cannot be taken"),
    NotFound: (404, "There is no such thing"),
    StaleVersion: (409, "It was changed meanwhile"),
    IllegalMove: (409, "The state cannot change so"),
    ServiceAway: (503, "A service is away"),
}
RETRY_AFTER_SECONDS = 5
PROBLEM = "application/problem+json"

Problem = tuple[dict[str, Any], int, dict[str, str]]


def problem(error: ContractError) -> Problem:
    """The problem document, HTTP status and headers for an error of another service.

    Raises KeyError for an error the table does not know.
    """
    status, title = ANSWERS[type(error)]
    body, _, headers = plain_problem(status, title, str(error))
    if isinstance(error, InvalidRequest):
        body["field"] = error.field
    if isinstance(error, StaleVersion):
        body["current"] = error.current
    if isinstance(error, ServiceAway):
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return body, status, headers


def plain_problem(status: int, title: str, detail: str) -> Problem:
    """A problem document that says only this."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
    }
    return body, status, {"Content-Type": PROBLEM}

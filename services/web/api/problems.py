"""Problem documents (RFC 9457) for what goes wrong before a service is asked."""

from __future__ import annotations

from typing import Any

from apiflask import HTTPError
from werkzeug.exceptions import HTTPException

from services.web.access.refusals import Refusal
from services.web.errors import Problem, plain_problem

# What the caller can do about it; where werkzeug's own words are for a browser's reader.
DETAILS = {
    400: "The request is not well formed; a body has to be JSON.",
    401: "Give a token: POST /api/v1/tokens answers one; send it as 'Authorization: Bearer …'.",
    403: "Your role does not allow this.",
    404: "There is nothing at this address.",
    413: "The request is too large.",
    415: "Send JSON, with 'Content-Type: application/json'.",
    429: "Too many requests, or too many failed tries; wait a minute.",
}


def http_problem(error: HTTPException) -> Problem:
    """The problem document for an HTTP error of the framework."""
    status = error.code or 500
    detail = DETAILS.get(status) or error.description or ""
    if isinstance(error, Refusal):
        detail = error.detail
    body, status, headers = plain_problem(status, error.name, detail)
    kept = {k: v for k, v in error.get_headers() if k.lower() not in ("content-type",)}
    if status == 401:
        kept["WWW-Authenticate"] = "Bearer"
    return body, status, {**kept, **headers}


def validation_problem(error: HTTPError) -> Problem:
    """The problem document for a request that does not fit its schema; it names each field."""
    wrong = list(_wrong_fields(error.detail))
    if not wrong:
        return plain_problem(error.status_code, error.message or "Error", "")
    sentences = "; ".join(f"{one['field']}: {one['what_to_do']}" for one in wrong)
    body, status, headers = plain_problem(error.status_code, "A field cannot be taken", sentences)
    body["field"] = wrong[0]["field"]
    body["errors"] = wrong
    return body, status, headers


def _wrong_fields(detail: Any) -> list[dict[str, str]]:
    """From APIFlask's {"json": {"subject": ["…"]}} to a flat list."""
    if not isinstance(detail, dict):
        return []
    return [
        {"field": "body" if field == "_schema" else str(field), "what_to_do": str(message)}
        for fields in detail.values()
        for field, messages in fields.items()
        for message in messages
    ]

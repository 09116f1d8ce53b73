"""What every operation can answer besides what it is asked for, as the OpenAPI document says it."""

from __future__ import annotations

from typing import Any

from services.web.errors import PROBLEM

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["about:blank"]},
        "title": {"type": "string", "examples": ["A field cannot be taken"]},
        "status": {"type": "integer", "minimum": 400, "maximum": 599, "examples": [422]},
        "detail": {"type": "string", "description": "What to do about it"},
        "field": {"type": "string", "description": "The field that cannot be taken"},
        "current": {"type": "integer", "description": "The version that stands now"},
        "errors": {
            "type": "array",
            "description": "Each field that cannot be taken",
            "items": {
                "type": "object",
                "required": ["field", "what_to_do"],
                "properties": {"field": {"type": "string"}, "what_to_do": {"type": "string"}},
            },
        },
    },
}
MEANINGS = {
    "400": "Not well formed: no JSON, or a header that cannot be read",
    "401": "No valid token",
    "403": "Not for your role, or your sections",
    "404": "There is no such thing, or you may not see it",
    "409": "It was changed meanwhile, its state does not allow this, or the same request with "
    "this Idempotency-Key is still in work",
    "413": "Too large",
    "415": "Not the type of content that this takes",
    "422": "A field cannot be taken, or the Idempotency-Key was used for another request",
    "429": "Too many requests, or too many failed tries to sign in",
    "503": "A service is away; try again after Retry-After seconds",
}
# The server in front of us says this, in words for people.
TOO_LONG = {"description": "The address is longer than 8,190 bytes"}
ALWAYS = ("401", "403", "404", "422", "429", "503")
SECONDS = {"type": "integer", "minimum": 0}
RETRY_AFTER = {"description": "Try again after so many seconds", "schema": SECONDS}
LIMIT_HEADERS: dict[str, Any] = {
    "RateLimit-Policy": {
        "description": "Requests (q) in a window of seconds (w), for each token or address "
        "(draft-ietf-httpapi-ratelimit-headers)",
        "schema": {"type": "string", "examples": ['"token";q=600;w=60']},
    },
    "RateLimit": {
        "description": "Requests that are left (r), and in how many seconds there are more (t)",
        "schema": {"type": "string", "examples": ['"token";r=599;t=42']},
    },
}
LOCATION = {
    "description": "Where the new thing is",
    "schema": {"type": "string", "format": "uri-reference"},
}
LINK = {
    "description": 'The next page, as <address>; rel="next" (RFC 8288); none on the last',
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Of your making, new for each thing you do. The same request with the same key "
    "takes effect once and is answered the same again, for two days.",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "pattern": "^[!-~]([ -~]*[!-~])?$",
        "examples": ["8e03978e-40d5-43e8-bc93-6894a57f9324"],
    },
}


def statuses(*, commands: bool, public: bool, body: bool) -> set[str]:
    """The failures that an operation documents."""
    found = set(ALWAYS)
    if commands:
        found |= {"409", "413"}
    if body:
        found |= {"400", "413", "415"}
    if public:
        found -= {"403", "404"}
    return found


def failure(status: str) -> dict[str, Any]:
    """The answer of a failure: a problem document."""
    schema = {"$ref": "#/components/schemas/Problem"}
    answer: dict[str, Any] = {
        "description": MEANINGS[status],
        "content": {PROBLEM: {"schema": schema}},
    }
    answer["headers"] = {**LIMIT_HEADERS}
    if status in ("429", "503"):
        answer["headers"]["Retry-After"] = RETRY_AFTER
    return answer

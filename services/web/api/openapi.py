"""The OpenAPI document: what APIFlask cannot know, added to what it makes from the routes."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask

from services.web.errors import PROBLEM

PATH = "/api/v1/openapi.json"
PUBLIC = frozenset({("/api/v1/tokens", "post")})
COMMANDS = frozenset({"post", "patch", "put", "delete"})

SECURITY_SCHEMES = {"bearer": {"type": "http", "scheme": "bearer"}}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string", "description": "The field that cannot be taken"},
        "current": {"type": "integer", "description": "The version that stands now"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "what_to_do": {"type": "string"}},
            },
        },
    },
}
UPLOADING = "uploadFile"
UPLOAD = {
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        }
    }
}
MEANINGS = {
    "400": "Not well formed",
    "401": "No valid token",
    "403": "Not for your role",
    "404": "There is no such thing",
    "409": "It was changed meanwhile, or the state cannot change so",
    "413": "Too large",
    "422": "A field cannot be taken",
    "429": "Too many failed tries",
    "503": "A service is away; try again after Retry-After seconds",
}
ALWAYS = ("401", "403", "404", "422", "503")
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key from the same user takes effect once and answers the same again.",
    "schema": {"type": "string", "maxLength": 200},
}


def install(app: APIFlask) -> None:
    """Complete the document whenever it is made."""
    app.config["SECURITY_SCHEMES"] = SECURITY_SCHEMES
    app.config["AUTO_SERVERS"] = False
    app.config["AUTO_VALIDATION_ERROR_RESPONSE"] = False
    app.config["AUTO_404_RESPONSE"] = False
    app.config["AUTO_OPERATION_ID"] = True
    app.spec_processor(_complete)


def _complete(document: dict[Any, Any] | str) -> dict[Any, Any] | str:
    """Say of each operation who may use it and how it fails."""
    assert isinstance(document, dict)
    document["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete_operation(path, method, operation)
    return document


def _complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    public = (path, method) in PUBLIC
    uploading = operation["operationId"] == UPLOADING
    if uploading:
        operation["requestBody"] = {**UPLOAD}
    operation["security"] = [] if public else [{"bearer": []}]
    statuses = set(ALWAYS)
    if method in COMMANDS and not public:
        operation["parameters"].append(IDEMPOTENCY_KEY)
        statuses.add("409")
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
        statuses.add("400")
    if uploading:
        statuses.add("413")
    if public:
        statuses.add("429")
    for status in sorted(statuses):
        operation["responses"].setdefault(status, _failure(status))


def _failure(status: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    answer: dict[str, Any] = {
        "description": MEANINGS[status],
        "content": {PROBLEM: {"schema": schema}},
    }
    if status in ("429", "503"):
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return answer

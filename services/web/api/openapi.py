"""The OpenAPI document: what APIFlask cannot know, and what it would not say exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask
from pydantic import BaseModel

from services.web.access.gate import BIGGEST_NUMBER
from services.web.api import openapi_answers as told
from services.web.api.openapi_examples import EXAMPLES
from services.web.api.openapi_schemas import Model, Schemas
from services.web.webhooks.happened import WebhookEvent

PATH = "/api/v1/openapi.json"
PUBLIC = frozenset({"api_tokens.create_token"})
LOCATED = frozenset(
    {
        *("api_cases.create_case", "api_case_relations.split_case", "api_users.create_user"),
        *("api_sections.create_section", "api_partners.create_partner", "api_rules.create_rule"),
        *("api_templates.create_template", "api_calendars.create_calendar"),
        *("api_names.create_category", "api_names.create_partner_category", "api_names.save_kind"),
        *("api_webhooks.create_webhook", "api_gradings.create_grading"),
        "api_report_mails.create_report_mail",
    }
)
COMMANDS = frozenset({"post", "patch", "put", "delete"})
UPLOAD = "api_files.upload_file"
JSON = "application/json"
SUCCESS = "Successful response"  # APIFlask's
MEANINGS = {"200": "Done", "201": "Added", "204": "Done; there is nothing to tell"}

SECURITY_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of POST /api/v1/tokens, as 'Authorization: Bearer …' (RFC 6750).",
    }
}
UPLOAD_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        }
    },
}
NUMBER = {"type": "integer", "minimum": 0, "maximum": BIGGEST_NUMBER}
PLACES: dict[str, tuple[str, dict[str, Any]]] = {
    "number": ("The case's number", {**NUMBER, "examples": [101]}),
    "other": ("The other case's number", {**NUMBER, "examples": [102]}),
    "id": ("The thing's id", {**NUMBER, "examples": [1]}),
    "message": ("The entry's number within its case", {**NUMBER, "examples": [1]}),
    "delivery": ("The delivery's id", {**NUMBER, "examples": [1]}),
    "index": ("The file's place within its entry, from 0", {**NUMBER, "examples": [0]}),
    "mail_id": ("The mail's id", {"type": "string", "format": "uuid"}),
    "direction": ("Which kind of account", {"type": "string", "enum": ["incoming", "outgoing"]}),
    "name": ("The account's name", {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}),
    "code": (
        "The kind's code",
        {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,49}$", "examples": ["helpdesk"]},
    ),
}


@dataclass(frozen=True)
class Operation:
    """A route with one of its methods, and what it was declared to take and answer."""

    endpoint: str
    path: str
    method: str
    places: tuple[str, ...]
    body: Model | None
    query: Model | None
    answer: Model | None
    status: str


def install(app: APIFlask) -> None:
    """Complete the document whenever it is made."""
    app.config["SECURITY_SCHEMES"] = SECURITY_SCHEMES
    app.config["AUTO_SERVERS"] = False
    app.config["AUTO_VALIDATION_ERROR_RESPONSE"] = False
    app.config["AUTO_404_RESPONSE"] = False
    app.config["AUTO_OPERATION_ID"] = True

    @app.spec_processor
    def complete(document: dict[Any, Any] | str) -> dict[Any, Any] | str:
        assert isinstance(document, dict)
        return _complete(document, list(operations_of(app)))


def operations_of(app: APIFlask) -> Iterator[Operation]:
    """Every operation of the API."""
    for rule in app.url_map.iter_rules():
        declared = getattr(app.view_functions[rule.endpoint], "_spec", {})
        if not rule.endpoint.startswith("api_") or declared.get("hide"):
            continue
        answer = declared.get("response", {})
        queries = [schema for schema, location in declared.get("args") or () if location == "query"]
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield Operation(
                endpoint=rule.endpoint,
                path=re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule),
                method=method.lower(),
                places=tuple(re.findall(r"<(?:\w+:)?(\w+)>", rule.rule)),
                body=_model(declared.get("body")),
                query=_model(queries[0]) if queries else None,
                answer=_model(answer.get("schema")),
                status=str(answer.get("status_code", 200)),
            )


def _model(schema: Any) -> Model | None:
    return schema if isinstance(schema, type) and issubclass(schema, BaseModel) else None


def _complete(document: dict[str, Any], operations: list[Operation]) -> dict[str, Any]:
    """Say of each operation what it takes and answers, who may use it and how it fails."""
    taken = [one for op in operations for one in (op.body, op.query) if one]
    # What is posted to webhooks is no operation of ours, and said all the same.
    answered: list[Model] = [*(op.answer for op in operations if op.answer), WebhookEvent]
    schemas = Schemas(
        [(one, "validation") for one in taken] + [(one, "serialization") for one in answered]
    )
    for op in operations:
        _complete_operation(op, document["paths"][op.path][op.method], schemas)
    for model in taken:
        if model.__name__ in EXAMPLES:
            schemas.definitions[schemas.name(model, "validation")]["examples"] = [
                EXAMPLES[model.__name__]
            ]
    for query in {op.query for op in operations if op.query}:
        schemas.leave_out(query)
    document["components"]["schemas"] = {**schemas.definitions, "Problem": told.PROBLEM_SCHEMA}
    document["tags"] = [{"name": name} for name in _tags(document)]
    return document


def _complete_operation(op: Operation, operation: dict[str, Any], schemas: Schemas) -> None:
    public = op.endpoint in PUBLIC
    operation["operationId"] = operation_id(op.endpoint)
    operation["security"] = [] if public else [{"bearer": []}]
    operation["parameters"] = [_place(name) for name in op.places]
    if op.query:
        operation["parameters"] += schemas.parameters(op.query)
    if op.method in COMMANDS:
        operation["parameters"].append(told.IDEMPOTENCY_KEY)
    if op.body:
        if op.method == "patch":
            schemas.leave_defaults_out(op.body)
        schema = schemas.ref(op.body, "validation")
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
    if op.endpoint == UPLOAD:
        operation["requestBody"] = UPLOAD_BODY
    _complete_answers(op, operation["responses"], schemas)
    if op.query:
        operation["responses"]["414"] = told.TOO_LONG
    failures = told.statuses(
        commands=op.method in COMMANDS, public=public, body="requestBody" in operation
    )
    for status in sorted(failures):
        operation["responses"].setdefault(status, told.failure(status))


def _complete_answers(op: Operation, responses: dict[str, Any], schemas: Schemas) -> None:
    for status, answer in responses.items():
        if op.answer and JSON in answer.get("content", {}):
            answer["content"][JSON] = {"schema": schemas.ref(op.answer, "serialization")}
        if answer.get("description", SUCCESS) == SUCCESS:
            answer["description"] = MEANINGS[status]
        answer["headers"] = {**told.LIMIT_HEADERS}
        if status == "201" and op.endpoint in LOCATED:
            answer["headers"]["Location"] = told.LOCATION
        if op.answer and {"items", "next"} <= set(op.answer.model_fields):
            answer["headers"]["Link"] = told.LINK


def operation_id(endpoint: str) -> str:
    """The function's name in camel case: api_cases.get_case is getCase."""
    first, *others = endpoint.rpartition(".")[2].split("_")
    return first + "".join(word.capitalize() for word in others)


def _place(name: str) -> dict[str, Any]:
    description, schema = PLACES[name]
    found = {"name": name, "in": "path", "required": True}
    return {**found, "description": description, "schema": schema}


def _tags(document: dict[str, Any]) -> list[str]:
    found = [
        tag
        for methods in document["paths"].values()
        for operation in methods.values()
        for tag in operation.get("tags", ())
    ]
    return list(dict.fromkeys(found))

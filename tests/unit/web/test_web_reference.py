"""O3: people read what programs can do, page by page, from the same document."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import sign_in

from services.web.pages.schema_words import type_of


@pytest.fixture
def signed_in(client: FlaskClient) -> FlaskClient:
    sign_in(client)
    return client


def test_every_operation_has_a_page_that_names_its_fields(signed_in: FlaskClient) -> None:
    document: dict[str, Any] = signed_in.get("/api/v1/openapi.json").json
    page = signed_in.get("/api/docs")
    assert page.status_code == 200
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            address = f"/api/docs/{operation['operationId']}"
            assert f'href="{address}"' in page.text, (method, path)
    for operation in ("createCase", "listCases", "createRule", "uploadFile"):
        assert signed_in.get(f"/api/docs/{operation}").status_code == 200
    text = signed_in.get("/api/docs/createCase").text
    for told in ("POST", "Idempotency-Key", "response_deadline", "CaseSnapshot", "Problem", "422"):
        assert told in text
    assert 'id="Problem"' in text and "The printer on the second floor" in text


def test_what_there_is_not_has_no_page(signed_in: FlaskClient) -> None:
    answer = signed_in.get("/api/docs/eatCake")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_who_is_not_signed_in_is_sent_to_do_so(client: FlaskClient) -> None:
    assert client.get("/api/docs").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "maxLength": 5}, "text, at most 5 characters"),
        (
            {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]},
            "whole number, from 1 or null",
        ),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Ref"}}, "list of Ref"),
        ({"enum": ["a", "b"], "type": "string"}, "one of “a”, “b”"),
        ({"type": "string", "format": "date-time"}, "moment"),
        ({"type": "integer", "default": 50}, "whole number, else 50"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "object of text"),
        ({}, "anything"),
    ],
)
def test_types_are_told_in_words(schema: dict[str, Any], words: str) -> None:
    assert type_of(schema) == words

"""The OpenAPI document is valid and true to the routes."""

from __future__ import annotations

import re
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import Answers

from services.contracts.case_commands import CaseView
from services.web.access.roles import LEAST_ROLE


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json)


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.")
    schemathesis.openapi.from_dict(document).validate()


def test_the_document_has_every_route_of_the_api_and_no_page(
    web: tuple[APIFlask, Answers], document: dict[str, Any]
) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in web[0].url_map.iter_rules()
        if rule.endpoint.startswith("api_")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    operations = {
        (path, method) for path, methods in document["paths"].items() for method in methods
    }
    assert operations == routes
    assert len(routes) == len([name for name in LEAST_ROLE if name.startswith("api_")])


def test_every_operation_says_who_may_and_how_it_fails(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            public = path == "/api/v1/tokens"
            assert operation["security"] == ([] if public else [{"bearer": []}])
            assert operation["summary"] and operation["operationId"]
            assert {"422", "503"} <= set(operation["responses"]), (path, method)
            for status, answer in operation["responses"].items():
                if int(status) >= 400 and status != "414":
                    assert list(answer["content"]) == ["application/problem+json"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = set(re.findall(r"'#/components/schemas/([^']+)'", str(document)))
    assert found <= set(document["components"]["schemas"])


def test_a_password_is_taken_and_never_answered(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    holding = {name for name, one in schemas.items() if "password" in one.get("properties", {})}
    assert holding == {"SignIn", "NewUser", "UserChange", "GivenIncoming", "GivenOutgoing"}


def test_the_schema_of_a_case_fits_a_case(document: dict[str, Any]) -> None:
    moment = "2026-11-24T10:00:00Z"
    times = dict.fromkeys(("created_at", "last_action_at", "state_since"), moment)
    case = CaseView(number=1, version=1, subject="x", state="open", kind="helpdesk", **times)
    schema = {"$ref": "#/components/schemas/CaseView", "components": document["components"]}
    jsonschema_rs.validate(schema, case.model_dump(mode="json"))

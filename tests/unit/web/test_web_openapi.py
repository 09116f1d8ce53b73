"""The OpenAPI document is valid and true to the routes."""

from __future__ import annotations

import re
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, token

from services.contracts.case_commands import CaseView
from services.web.access.roles import LEAST_ROLE
from services.web.api.openapi import operations_of
from services.web.api.openapi_examples import EXAMPLES


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
    signing_in = {"SignIn", "NewPassword", "TurningOff"}
    assert holding == signing_in | {"NewUser", "UserChange", "GivenIncoming", "GivenOutgoing"}


def test_the_schema_of_a_case_fits_a_case(document: dict[str, Any]) -> None:
    moment = "2026-11-24T10:00:00Z"
    times = dict.fromkeys(("created_at", "last_action_at", "state_since"), moment)
    case = CaseView(number=1, version=1, subject="x", state="open", kind="helpdesk", **times)
    schema = {"$ref": "#/components/schemas/CaseView", "components": document["components"]}
    jsonschema_rs.validate(schema, case.model_dump(mode="json"))


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(names)) == len(names)
    tags = [tag["name"] for tag in document["tags"]]
    assert len(set(tags)) == len(tags)


def test_every_parameter_has_a_type_and_bounds(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for one in operation["parameters"]:
            schema = one["schema"]
            assert "null" not in str(schema), (name, one)  # nothing in an address is null
            if schema["type"] == "integer":
                assert {"minimum", "maximum"} <= set(schema), (name, one)
            elif schema["type"] == "string":
                bounded = {"maxLength", "pattern", "enum", "format"} & set(schema)
                assert bounded, (name, one)
            else:
                assert schema["type"] == "boolean", (name, one)


def test_every_command_takes_an_idempotency_key(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        headers = [one["name"] for one in operation["parameters"] if one["in"] == "header"]
        assert headers == ([] if name.startswith("get ") else ["Idempotency-Key"])


# What there is a fixed number of; all else comes page by page.
WHOLE = {"listCountries", "listHolidays", "listMailFilters", "listEvents", "getReport"}


def test_every_list_that_grows_comes_page_by_page(
    web: tuple[APIFlask, Answers], document: dict[str, Any]
) -> None:
    for one in operations_of(web[0]):
        operation = document["paths"][one.path][one.method]
        if one.method != "get" or one.answer is None or "items" not in one.answer.model_fields:
            continue
        query = {parameter["name"] for parameter in operation["parameters"]}
        paged = {"cursor", "limit"} <= query
        assert paged != (operation["operationId"] in WHOLE), operation["operationId"]
        assert "Link" in operation["responses"]["200"]["headers"]
        assert {"items", "next"} <= set(one.answer.model_fields)


def test_answers_say_what_is_always_there(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert set(schemas["CaseView"]["required"]) == set(schemas["CaseView"]["properties"])
    assert "default" not in schemas["CaseChange"]["properties"]["tags"]  # left out, they stay
    created = document["paths"]["/api/v1/cases"]["post"]["responses"]
    assert {"Location", "RateLimit"} <= set(created["201"]["headers"])
    assert "Retry-After" in created["429"]["headers"]
    assert {"400", "401", "403", "404", "409", "413", "415", "422", "429", "503"} < set(created)
    upload = document["paths"]["/api/v1/files"]["post"]["requestBody"]["content"]
    assert list(upload) == ["multipart/form-data"]


def test_every_example_is_one(web: tuple[APIFlask, Answers], document: dict[str, Any]) -> None:
    bodies = {one.body.__name__: one.body for one in operations_of(web[0]) if one.body}
    for name, example in EXAMPLES.items():
        bodies[name].model_validate(example)
        schema = {
            "$ref": f"#/components/schemas/{name}",
            "components": document["components"],
        }
        jsonschema_rs.validate(schema, example)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"subject": "x", "all_day": 0}, "all_day"),
        ({"subject": "x", "duration_minutes": "5"}, "duration_minutes"),
        ({"subject": "x", "probability": True}, "probability"),
        ({"subject": "x", "watchers": [{"address": 5}]}, "watchers.0.address"),
    ],
)
def test_a_body_is_read_as_strictly_as_the_document_says(
    client: FlaskClient, body: dict[str, Any], field: str
) -> None:
    answer = client.post("/api/v1/cases", json=body, headers=token(client, "tom"))
    assert (answer.status_code, answer.json["field"]) == (422, field)


def test_a_part_that_says_what_it_is_is_read_as_that(client: FlaskClient) -> None:
    action = {"do": "set_deadline", "delay": False}
    body = {"name": "x", "actions": [action]}
    answer = client.post("/api/v1/rules", json=body, headers=token(client, "admin"))
    assert (answer.status_code, answer.json["field"]) == (422, "actions.0.delay")


def test_what_is_no_json_by_its_own_word_is_refused(client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/cases", data="subject=x", headers=token(client, "tom"), content_type="text/plain"
    )
    assert (answer.status_code, answer.mimetype) == (415, "application/problem+json")

"""What goes wrong is told as a problem document (RFC 9457), or as a page to people."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, a_case, csrf_of, sign_in, token

from services.contracts import errors

CASES = "/api/v1/cases"


def check_document(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    document: dict[str, Any] = answer.json
    assert document["status"] == status
    assert document["title"] and document["type"] == "about:blank"
    return document


def test_an_unknown_address_and_method_are_told(client: FlaskClient) -> None:
    check_document(client.get("/api/v1/nothing"), 404)
    check_document(client.put(CASES, headers=token(client, "tom")), 405)


def test_what_is_no_json_is_told(client: FlaskClient) -> None:
    check_document(client.post(CASES, data="{", headers=token(client, "tom")), 400)


REFUSED: list[tuple[Any, str]] = [
    ({}, "subject"),
    ({"subject": ""}, "subject"),
    ({"subject": "x", "prioritty": "high"}, "prioritty"),
    ({"subject": "x", "priority": "urgent"}, "priority"),
    ({"subject": "x", "section": "Nowhere"}, "section"),
    ({"subject": "x", "section": "Support", "section_id": 1}, "section"),
    ({"subject": "x", "deadline": "2026-11-24T10:00:00"}, "deadline"),
    ({"subject": "x", "deadline": 0}, "deadline"),
    ({"subject": "x", "deadline": "0001-01-01T00:00:00Z"}, "deadline"),
    ({"subject": "x", "response_deadline": "0001-01-01T00:00:00+05:00"}, "response_deadline"),
    ({"subject": "x", "start": "0"}, "start"),
    ({"subject": "x\0"}, "body"),
    ({"subject": "x", "section_id": 2**40}, "section_id"),
    ([], "body"),
    ('{"subject": "\\ud800"}', "body"),
]


@pytest.mark.parametrize(("body", "field"), REFUSED)
def test_a_field_that_cannot_be_taken_is_named(client: FlaskClient, body: Any, field: str) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    document = check_document(client.post(CASES, data=text, headers=token(client, "tom")), 422)
    assert document["field"] == field
    assert document["detail"].startswith(f"{field}: ")


def test_a_misspelt_filter_is_refused_instead_of_showing_everything(client: FlaskClient) -> None:
    header = token(client, "tom")
    document = check_document(client.get(f"{CASES}?sate=open", headers=header), 422)
    assert document["field"] == "sate"
    check_document(client.get(f"{CASES}?state=open&state=done", headers=header), 422)
    assert client.get(f"{CASES}?state=open,done", headers=header).status_code == 200


def test_a_stale_version_is_told_with_the_current_one(
    client: FlaskClient, answers: Answers
) -> None:
    answers.by_method["change_case"] = errors.StaleVersion("case", 3, 5)
    answer = client.patch(f"{CASES}/101", json={"version": 3}, headers=token(client, "tom"))
    assert check_document(answer, 409)["current"] == 5


def test_a_service_away_is_told_with_when_to_try_again(client: FlaskClient) -> None:
    answer = client.get("/api/v1/rules", headers=token(client, "tom"))
    check_document(answer, 503)
    assert int(answer.headers["Retry-After"]) > 0


def test_a_fault_of_ours_tells_nothing_of_itself(client: FlaskClient, answers: Answers) -> None:
    header = token(client, "tom")
    answers.by_method["get_case"] = RuntimeError("the password is swordfish")
    answer = client.get(f"{CASES}/101", headers=header)
    check_document(answer, 500)
    assert "swordfish" not in answer.text


def test_a_number_beyond_every_database_is_not_found(client: FlaskClient) -> None:
    check_document(client.get(f"{CASES}/99999999999999999999", headers=token(client, "tom")), 404)


def test_people_get_a_page_for_the_same(client: FlaskClient, answers: Answers) -> None:
    sign_in(client)
    missing = client.get("/nothing")
    assert (missing.status_code, missing.mimetype) == (404, "text/html")
    away = client.get("/rules")
    assert away.status_code == 503 and "The rules service does not answer" in away.text
    assert int(away.headers["Retry-After"]) > 0
    answers.by_method["get_case"] = RuntimeError("the password is swordfish")
    fault = client.get("/cases/101")
    assert fault.status_code == 500 and "swordfish" not in fault.text


def test_what_was_written_is_kept_when_a_service_is_away(
    client: FlaskClient, answers: Answers
) -> None:
    answers.by_method["get_case"] = a_case()
    sign_in(client)
    form = {
        "csrf_token": csrf_of(client.get("/cases/101").text),
        "idempotency_key": "k1",
        "kind": "note",
        "text": "a long answer <b>",
    }
    away = client.post("/cases/101/messages", data=form)
    assert away.status_code == 503
    assert "a long answer &lt;b&gt;</textarea>" in away.text
    assert 'name="idempotency_key" value="k1"' in away.text


def test_a_key_too_long_to_keep_is_refused(client: FlaskClient) -> None:
    header = token(client, "tom") | {"Idempotency-Key": "k" * 201}
    document = check_document(client.post(CASES, json={"subject": "x"}, headers=header), 422)
    assert document["field"] == "Idempotency-Key"


@pytest.mark.parametrize("question", ["date_to=0", "time_zone=Nowhere/Land", "by=colour"])
def test_a_report_on_what_does_not_exist_is_refused(client: FlaskClient, question: str) -> None:
    answer = client.get(f"/api/v1/reports?{question}", headers=token(client, "tom"))
    assert check_document(answer, 422)["field"] == question.partition("=")[0]


def test_the_same_key_is_the_same_command_for_one_user_only(
    client: FlaskClient, answers: Answers
) -> None:
    answers.by_method["create_case"] = a_case()
    keys = []
    for login in ("tom", "tom", "anna"):
        header = token(client, login) | {"Idempotency-Key": "one"}
        client.post(CASES, json={"subject": "x"}, headers=header)
        keys.append(answers.last("create_case")["command"]["idempotency_key"])
    assert keys[0] == keys[1] != keys[2]

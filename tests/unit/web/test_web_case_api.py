"""The API of cases and the directory: what it asks of the services, and what it refuses."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, a_case, token


@pytest.fixture
def tom(client: FlaskClient) -> dict[str, str]:
    return token(client, "tom")


def test_K1_every_filter_of_a_list_is_asked(
    client: FlaskClient, answers: Answers, tom: dict[str, str]
) -> None:
    address = (
        "/api/v1/cases?state=open,draft&tag=fire&nobody=true&late=true&category_id=4"
        "&partner_category_id=7,5&no_partner_category=true"
        "&sort=deadline&kind=repair&custom=%7B%22serial%22%3A%22X1%22%7D"
    )
    assert client.get(address, headers=tom).status_code == 200
    asked = answers.last("list_cases")["question"]
    wanted = {
        "state": ["open", "draft"],
        "tag": "fire",
        "nobody": True,
        "late": True,
        "category_id": 4,
        "partner_category_id": [7, 5],
        "no_partner_category": True,
        "sort": "deadline",
        "custom": {"serial": "X1"},
    }
    assert {name: asked[name] for name in wanted} == wanted


@pytest.mark.parametrize("wrong", ["gold", "0", "none", "7,", "9999999999"])
def test_R4_a_partner_category_asked_for_wrongly_is_refused(
    client: FlaskClient, tom: dict[str, str], wrong: str
) -> None:
    answer = client.get(f"/api/v1/cases?partner_category_id={wrong}", headers=tom)
    assert answer.status_code == 422
    assert answer.json["field"].startswith("partner_category_id")


@pytest.mark.parametrize("custom", ["serial", "[1]", '{"a":1}', "[" * 1990, '{"a":"\\u0000"}'])
def test_K9_custom_fields_asked_for_wrongly_are_refused(
    client: FlaskClient, tom: dict[str, str], custom: str
) -> None:
    answer = client.get("/api/v1/cases", query_string={"custom": custom}, headers=tom)
    assert (answer.status_code, answer.json["field"]) == (422, "custom")


def test_cases_are_merged_split_and_linked(
    client: FlaskClient, answers: Answers, tom: dict[str, str]
) -> None:
    for method in ("merge_case", "split_case", "link_cases", "unlink_cases"):
        answers.by_method[method] = a_case(number=90)
    base = "/api/v1/cases/101"
    answer = client.post(f"{base}/merge", json={"version": 3, "into": 90}, headers=tom)
    assert (answer.status_code, answer.json["number"]) == (200, 90)
    sent = answers.last("merge_case")["command"]
    assert (sent["number"], sent["into"], sent["actor_id"]) == (101, 90, 3)
    assert "into_version" not in sent
    given = {"version": 3, "message_number": 2, "subject": "Another"}
    answer = client.post(f"{base}/split", json=given, headers=tom)
    assert (answer.status_code, answer.headers["Location"]) == (201, "/api/v1/cases/90")
    client.post(f"{base}/links", json={"other": 7, "relation": "follows"}, headers=tom)
    assert answers.last("link_cases")["command"]["relation"] == "follows"
    assert client.delete(f"{base}/links/7", headers=tom).status_code == 200
    assert answers.last("unlink_cases")["command"]["other"] == 7
    answer = client.post(f"{base}/links", json={"other": 7, "relation": "like"}, headers=tom)
    assert answer.status_code == 422


def test_a_selection_is_changed_by_names(
    client: FlaskClient, answers: Answers, tom: dict[str, str]
) -> None:
    outcome = {"changed": [1], "unchanged": [], "refused": [{"number": 2, "why": "merged"}]}
    answers.by_method["change_cases"] = outcome
    body = {
        "numbers": [1, 2],
        "fields": {"section": "Technical", "responsible_id": None},
        "state": "pending",
        "add_tags": ["fire"],
    }
    answer = client.post("/api/v1/cases/bulk", json=body, headers=tom)
    assert (answer.status_code, answer.json) == (200, outcome)
    sent = answers.last("change_cases")["command"]
    assert sent["fields"] == {"section_id": 2, "responsible_id": None}
    assert (sent["numbers"], sent["add_tags"], "remove_tags" in sent) == ([1, 2], ["fire"], False)
    empty = client.post("/api/v1/cases/bulk", json={"numbers": []}, headers=tom)
    assert empty.status_code == 422


def test_K7_quality_actions_are_added_done_and_listed(
    client: FlaskClient, answers: Answers, tom: dict[str, str]
) -> None:
    action = {"id": 5, "text": "New rollers", "type": "preventive", "version": 1}
    answers.by_method["save_quality_action"] = action
    due = {**action, "case_number": 101, "case_subject": "Fire"}
    answers.by_method["list_quality_actions"] = {"items": [due], "next": None}
    base = "/api/v1/cases/101/quality-actions"
    body = {"text": "New rollers", "type": "preventive", "due": "2026-12-01"}
    assert client.post(base, json=body, headers=tom).status_code == 201
    assert answers.last("save_quality_action")["command"]["fields"] == body
    client.patch(f"{base}/5", json={"version": 1, "done": True}, headers=tom)
    sent = answers.last("save_quality_action")["command"]
    assert (sent["id"], sent["version"], sent["fields"]) == (5, 1, {"done": True})
    listed = client.get("/api/v1/quality-actions?owner_id=3", headers=tom).json
    assert listed["items"][0]["case_number"] == 101
    assert answers.last("list_quality_actions")["owner_id"] == 3


def upload(client: FlaskClient, header: dict[str, str], content: bytes) -> Any:
    data = {"file": (io.BytesIO(content), "photo.png")}
    return client.post("/api/v1/files", data=data, headers=header)


def test_K3_a_file_is_uploaded_and_goes_with_a_message(
    client: FlaskClient, answers: Answers, tom: dict[str, str]
) -> None:
    answers.by_method["add_message"] = a_case()
    answer = upload(client, tom, b"picture")
    assert answer.status_code == 201
    assert answer.json == {
        "sha256": hashlib.sha256(b"picture").hexdigest(),
        "size_bytes": 7,
        "filename": "photo.png",
        "content_type": "image/png",
    }
    body = {"kind": "note", "text": "Look", "attachments": [answer.json]}
    assert client.post("/api/v1/cases/101/messages", json=body, headers=tom).status_code == 201
    (sent,) = answers.last("add_message")["command"]["attachments"]
    assert sent["sha256"] == answer.json["sha256"]
    body["attachments"] = [{**answer.json, "sha256": "0" * 64}]
    answer = client.post("/api/v1/cases/101/messages", json=body, headers=tom)
    assert (answer.status_code, answer.json["field"]) == (422, "attachments.0.sha256")


def test_K3_what_cannot_be_uploaded_is_told(client: FlaskClient, tom: dict[str, str]) -> None:
    answer = client.post("/api/v1/files", json={}, headers=tom)
    assert (answer.status_code, answer.json["field"]) == (422, "file")
    answer = upload(client, tom, b"x" * (25 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json["field"]) == (422, "file")
    assert client.post("/api/v1/files", data=b"x").status_code == 401
    assert upload(client, token(client, "rita"), b"x").status_code == 403


def test_saved_filters_are_kept_by_program_too(client: FlaskClient, tom: dict[str, str]) -> None:
    base = "/api/v1/saved-filters"
    made = client.post(base, json={"name": "Fire", "question": "tag=fire&cursor=x"}, headers=tom)
    assert made.status_code == 201 and made.json["question"] == "tag=fire"
    one = f"{base}/{made.json['id']}"
    renamed = client.patch(one, json={"name": "Fires"}, headers=tom)
    assert (renamed.json["name"], renamed.json["question"]) == ("Fires", "tag=fire")
    refused = client.patch(one, json={"shared": True}, headers=tom)
    assert (refused.status_code, refused.json["field"]) == (422, "shared")
    anna = token(client, "anna")
    assert client.get(base, headers=anna).json["items"] == []
    assert client.delete(one, headers=anna).status_code == 404
    assert client.delete(one, headers=tom).status_code == 204
    assert client.get(base, headers=tom).json["items"] == []


def test_K5_kinds_take_fields_and_categories_a_version(
    client: FlaskClient, answers: Answers
) -> None:
    anna = token(client, "anna")
    answers.by_method["save_kind"] = {"code": "visit", "name": "Visit"}
    answers.by_method["save_category"] = {"id": 1, "name": "Printer", "path": "Printer"}
    fields = [{"code": "room", "name": "Room", "required": True}]
    body = {"code": "visit", "name": "Visit", "version": 0, "fields": fields}
    assert client.post("/api/v1/kinds", json=body, headers=anna).status_code == 201
    sent = answers.last("save_kind")["command"]
    assert sent["fields"] == fields and sent["version"] == 0 and "active" not in sent
    body = {"name": "Printer", "active": False, "version": 3}
    client.put("/api/v1/categories/1", json=body, headers=anna)
    sent = answers.last("save_category")["command"]
    assert (sent["id"], sent["active"], sent["version"]) == (1, False, 3)
    wrong = {"code": "visit", "name": "Visit", "fields": [{"code": "R", "name": "Room"}]}
    assert client.post("/api/v1/kinds", json=wrong, headers=anna).status_code == 422


def test_K4_histories_of_the_directory_are_read(client: FlaskClient, answers: Answers) -> None:
    admin = token(client, "admin")
    change = {"what": "section", "key": "1", "version": 1, "at": "2026-11-24T10:00:00Z"}
    answers.by_method["list_directory_history"] = [change]
    for path, what, key in (
        ("sections/1", "section", "1"),
        ("users/1", "user", "1"),
        ("partners/1", "partner", "1"),
        ("categories/1", "category", "1"),
        ("partner-categories/1", "partner_category", "1"),
        ("kinds/visit", "kind", "visit"),
    ):
        answer = client.get(f"/api/v1/{path}/history", headers=admin)
        assert answer.status_code == 200 and len(answer.json["items"]) == 1
        assert answers.last("list_directory_history") == {"what": what, "key": key}

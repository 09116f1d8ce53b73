"""Gradings of suppliers as programs use them (R5)."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.grading_answers import GRADES, GRADING, SHOWN
from unit.web.web_bench import Answers, token

from services.contracts.errors import StaleVersion


@pytest.fixture
def anna(client: FlaskClient, answers: Answers) -> dict[str, str]:
    answers.by_method |= {
        "list_gradings": [GRADING, {**GRADING, "id": 5, "name": "Another"}],
        "get_grading": GRADING,
        "save_grading": GRADING,
        "delete_grading": None,
        "show_grades": SHOWN,
    }
    return token(client, "anna")


def test_R5_a_program_reads_gradings_and_grades(
    client: FlaskClient, anna: dict[str, str], answers: Answers
) -> None:
    listed = client.get("/api/v1/gradings", headers=anna).json
    assert [one["id"] for one in listed["items"]] == [5, 4]
    one = client.get("/api/v1/gradings/4", headers=anna).json
    assert one["grades"][0] == GRADES[0]
    shown = client.get("/api/v1/gradings/4/grades", headers=anna).json
    assert [one["partner"] for one in shown["suppliers"]] == ["Blue & Co", "Red", "Grey"]
    assert shown["suppliers"][1]["cost"] == "1200.50"
    assert answers.last("show_grades") == {"grading_id": 4}


def test_R5_a_program_adds_changes_and_deletes_one(
    client: FlaskClient, anna: dict[str, str], answers: Answers
) -> None:
    new = {"name": "Supplier quality", "kind": "helpdesk", "grades": GRADES}
    added = client.post("/api/v1/gradings", json=new, headers=anna)
    assert (added.status_code, added.headers["Location"]) == (201, "/api/v1/gradings/4")
    asked = answers.last("save_grading")["command"]
    assert asked["actor_id"] == 2 and asked["fields"]["grades"][0]["most_cost"] == "1000.5000"
    body = {"version": 2, "months": 3}
    assert client.patch("/api/v1/gradings/4", json=body, headers=anna).status_code == 200
    asked = answers.last("save_grading")["command"]
    assert (asked["id"], asked["version"], asked["fields"]) == (4, 2, {"months": 3})
    assert client.delete("/api/v1/gradings/4?version=2", headers=anna).status_code == 204
    assert answers.last("delete_grading")["command"]["version"] == 2
    answers.by_method["delete_grading"] = StaleVersion("grading", 2, 3)
    assert client.delete("/api/v1/gradings/4?version=2", headers=anna).status_code == 409


WRONG = [
    ("months", {"months": 0}),
    ("currency", {"currency": "eur"}),
    ("time_zone", {"time_zone": "Mars"}),
    ("grades", {"grades": []}),
    ("grades.0.category_id", {"grades": [{"category_id": 0}]}),
    ("grades.0.most_cost", {"grades": [{"category_id": 1, "most_cost": 10.5}]}),
    ("grades.0.most_cost", {"grades": [{"category_id": 1, "most_cost": "-1"}]}),
    ("grades.0.most_cases", {"grades": [{"category_id": 1, "most_cases": -1}]}),
    ("grades.0.colour", {"grades": [{"category_id": 1, "colour": "red"}]}),
]


@pytest.mark.parametrize(("field", "changed"), WRONG)
def test_R5_what_cannot_be_is_refused_by_its_place(
    client: FlaskClient, anna: dict[str, str], answers: Answers, field: str, changed: Any
) -> None:
    body = {"name": "x", "kind": "helpdesk", "grades": GRADES, **changed}
    answer = client.post("/api/v1/gradings", json=body, headers=anna)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json.get("field") == field, answer.json
    assert "save_grading" not in [method for _, method, _ in answers.asked]


def test_R5_an_agent_may_not(client: FlaskClient) -> None:
    assert client.get("/api/v1/gradings", headers=token(client, "tom")).status_code == 403

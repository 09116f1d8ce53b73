"""O3: whoever sees only his sections is never asked for without saying so."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, a_case, token

from services.web.access.roles import LEAST_ROLE
from services.web.access.sight import NEEDS_WHOLE_SIGHT

SECTIONS = [
    {"id": 1, "name": "Support"},
    {"id": 2, "name": "North", "manager_id": 5},
    {"id": 3, "name": "Far north", "parent_id": 2},
]


@pytest.fixture
def answers(web: tuple[APIFlask, Answers]) -> Answers:
    found = web[1]
    found.by_method |= {
        "list_sections": SECTIONS,
        "get_case": a_case(),
        "report": {"rows": [], "as_of": 1},
        "list_quality_actions": {"items": [], "next": None},
        "preview_template": {"subject": "x", "text": "y"},
        "list_events": {"items": []},
    }
    return found


@pytest.mark.parametrize(
    ("path", "method", "where"),
    [
        ("/api/v1/cases", "list_cases", "question"),
        ("/api/v1/cases/101", "get_case", None),
        ("/api/v1/tags", "list_tags", None),
        ("/api/v1/quality-actions", "list_quality_actions", None),
    ],
)
def test_O3_every_question_about_cases_carries_who_asks(
    client: FlaskClient, answers: Answers, path: str, method: str, where: str | None
) -> None:
    assert client.get(path, headers=token(client, "nora")).status_code == 200
    asked: dict[str, Any] = answers.last(method)
    assert (asked[where] if where else asked)["asker_id"] == 5


def test_O3_reports_count_what_she_may_see(client: FlaskClient, answers: Answers) -> None:
    assert client.get("/api/v1/reports", headers=token(client, "nora")).status_code == 200
    assert answers.last("report")["question"]["seen"] == {
        "section_ids": [2, 3],
        "responsible_id": 5,
    }
    assert client.get("/api/v1/reports", headers=token(client, "anna")).status_code == 200
    assert answers.last("report")["question"]["seen"] is None


@pytest.mark.parametrize(
    "path", ["/api/v1/mails", "/api/v1/outgoing-mails", "/api/v1/rules/1/summary"]
)
def test_O3_what_shows_the_cases_of_all_is_not_for_her(
    client: FlaskClient, answers: Answers, path: str
) -> None:
    assert client.get(path, headers=token(client, "nora")).status_code == 403
    assert client.get(path, headers=token(client, "anna")).status_code != 403


def test_O3_every_route_that_needs_whole_sight_is_one() -> None:
    assert set(LEAST_ROLE) >= NEEDS_WHOLE_SIGHT

"""The first steps of a fresh system: ticked by what is there, shown at home while nothing is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import USERS, Answers, a_case, csrf_of, sign_in

INCOMING = {"name": "support", "protocol": "pipe", "address": "support@ours.example"}
OUTGOING = {"name": "out", "server": "mail.ours.example", "port": 587}


@pytest.fixture
def fresh(answers: Answers) -> Answers:
    """Only the administrator, who has no address, and a section without one."""
    answers.by_method.update(
        list_users=[USERS[1]],
        list_sections=[{"id": 1, "name": "Support"}],
        list_incoming_accounts=[],
        list_outgoing_accounts=[],
    )
    return answers


def ticked(page: str) -> list[str]:
    return re.findall(r'class="cw-step is-done" data-step="(\w+)"', page)


def next_of(page: str) -> list[str]:
    return re.findall(r'class="cw-step is-next" data-step="(\w+)"', page)


def test_home_of_a_fresh_system_is_the_first_steps_and_all_are_open(
    client: FlaskClient, fresh: Answers
) -> None:
    sign_in(client, name="admin")
    assert client.get("/").headers["Location"] == "/first-steps"
    page = client.get("/first-steps").text
    assert ticked(page) == [] and next_of(page) == ["address"]
    for address in ("/users/1", "/sections/1", "/users/new", "/accounts/incoming/new"):
        assert f'href="{address}"' in page


def test_each_step_is_ticked_by_what_is_there(client: FlaskClient, fresh: Answers) -> None:
    sign_in(client, name="admin")
    him = {**USERS[1], "address": "admin@ours.example"}
    done: list[str] = []
    for step, method, answer in (
        (
            "reply_address",
            "list_sections",
            [{"id": 2, "name": "A", "reply_address": "a@b.example"}],
        ),
        ("people", "list_users", [him, USERS[3]]),
        ("outgoing", "list_outgoing_accounts", [{**OUTGOING, "approved": True}]),
        ("incoming", "list_incoming_accounts", [{**INCOMING, "approved": True}]),
    ):
        fresh.by_method[method] = answer
        _forget(client)
        done.append(step)
        assert ticked(client.get("/first-steps").text) == done
    fresh.by_method["get_user"] = him
    _forget(client)
    page = client.get("/first-steps").text
    assert ticked(page) == ["address", *done] and next_of(page) == ["case"]


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        (
            "list_sections",
            [{"id": 2, "name": "A", "reply_address": "a@b.example", "active": False}],
        ),
        ("list_users", [USERS[1], {**USERS[3], "active": False}]),
        ("list_incoming_accounts", [INCOMING]),
        ("list_outgoing_accounts", [OUTGOING]),
    ],
)
def test_what_is_not_in_use_ticks_nothing(
    client: FlaskClient, fresh: Answers, method: str, answer: Any
) -> None:
    fresh.by_method[method] = answer
    sign_in(client, name="admin")
    assert ticked(client.get("/first-steps").text) == []


def test_once_a_case_is_there_it_is_told_and_home_is_the_list(
    client: FlaskClient, fresh: Answers
) -> None:
    sign_in(client, name="admin")
    fresh.by_method["list_cases"] = {"items": [a_case()], "next": None}
    page = client.get("/first-steps").text
    assert "Printer on fire" in page and ticked(page) == ["incoming", "case"]
    assert "/cases?state=draft" in client.get("/").headers["Location"]
    asked = len(fresh.asked)
    client.get("/")
    assert "list_cases" not in [method for _, method, _ in fresh.asked[asked:]]


def test_put_away_it_stays_away_for_him(client: FlaskClient, fresh: Answers) -> None:
    sign_in(client, name="admin")
    key = csrf_of(client.get("/first-steps").text)
    for _ in range(2):
        answer = client.post("/first-steps/away", data={"csrf_token": key})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "/cases?" in client.get("/").headers["Location"]


def test_nobody_else_is_led_there(client: FlaskClient, fresh: Answers) -> None:
    sign_in(client, name="tom")
    assert "/cases?" in client.get("/").headers["Location"]
    assert client.get("/first-steps").status_code == 403


def _forget(client: FlaskClient) -> None:
    """What the gateway keeps of the directory for some seconds."""
    client.application.extensions["casewire"].directory.forget()


def test_home_stands_while_the_mail_gateway_is_away(client: FlaskClient, fresh: Answers) -> None:
    del fresh.by_method["list_incoming_accounts"]
    sign_in(client, name="admin")
    answer = client.get("/first-steps")
    assert answer.status_code == 200
    assert "The mail gateway does not answer just now" in answer.text
    assert next_of(answer.text) == ["address"]

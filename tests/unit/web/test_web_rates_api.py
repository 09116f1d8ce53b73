"""The rates of currencies as programs use them."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, token

from services.contracts.errors import StaleVersion

RATE = {"currency": "USD", "month": "2026-11", "rate": "0.123456789012"}


@pytest.fixture
def admin(client: FlaskClient) -> dict[str, str]:
    return token(client, "admin")


def put(client: FlaskClient, admin: dict[str, str], **changed: Any) -> Any:
    body = {"main": "EUR", "version": 2, "rates": [RATE], **changed}
    return client.put("/api/v1/rates", json=body, headers=admin)


def test_R5_a_program_reads_and_replaces_the_rates(
    client: FlaskClient, answers: Answers, admin: dict[str, str]
) -> None:
    stored = {"main": "EUR", "version": 3, "rates": [RATE]}
    answers.by_method |= {"get_rates": stored, "save_rates": stored}
    assert client.get("/api/v1/rates", headers=admin).json == stored
    answer = put(client, admin)
    assert (answer.status_code, answer.json) == (200, stored)
    asked = answers.last("save_rates")["command"]
    told = {name: asked[name] for name in ("main", "version", "rates", "actor_id")}
    assert told == {"main": "EUR", "version": 2, "rates": [RATE], "actor_id": 1}


def test_R5_a_rate_is_answered_as_it_is_taken(
    client: FlaskClient, answers: Answers, admin: dict[str, str]
) -> None:
    stored = {"rates": [RATE | {"rate": "1E-7"}, RATE | {"rate": "1000.50"}]}
    answers.by_method |= {"get_rates": stored, "save_rates": stored}
    read = client.get("/api/v1/rates", headers=admin).json
    assert [one["rate"] for one in read["rates"]] == ["0.0000001", "1000.5"]
    assert put(client, admin, **read).status_code == 200


def test_R5_a_program_that_was_slower_is_told_so(
    client: FlaskClient, answers: Answers, admin: dict[str, str]
) -> None:
    answers.by_method["save_rates"] = StaleVersion("rates", 2, 3)
    answer = put(client, admin)
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert answer.json["current"] == 3


WRONG = [
    ("rates.0.rate", {"rates": [RATE | {"rate": "0.00"}]}),
    ("rates.0.rate", {"rates": [RATE | {"rate": 0.92}]}),
    ("rates.0.rate", {"rates": [RATE | {"rate": "1e3"}]}),
    ("rates.0.month", {"rates": [RATE | {"month": "2026-00"}]}),
    ("rates.0.currency", {"rates": [RATE | {"currency": "usd"}]}),
    ("main", {"main": "Euro"}),
    ("version", {"version": -1}),
]


@pytest.mark.parametrize(("field", "changed"), WRONG)
def test_R5_what_cannot_be_a_rate_is_refused_by_its_place(
    client: FlaskClient, answers: Answers, admin: dict[str, str], field: str, changed: Any
) -> None:
    answer = put(client, admin, **changed)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json.get("field") == field, answer.json
    assert "save_rates" not in [method for _, method, _ in answers.asked]


def test_R5_only_an_administrator_may(client: FlaskClient) -> None:
    assert client.get("/api/v1/rates", headers=token(client, "anna")).status_code == 403

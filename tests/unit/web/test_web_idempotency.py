"""O3: the same request with the same Idempotency-Key takes effect once."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from unit.web.web_bench import PASSWORD, Answers, a_case, token

from services.contracts.errors import StaleVersion
from services.runtime.clock import now
from services.web.tables import kept_answers
from services.web.wiring import EXTENSION

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"


@pytest.fixture
def keyed(client: FlaskClient) -> dict[str, str]:
    return {**token(client, "tom"), "Idempotency-Key": KEY}


def rows(web: tuple[APIFlask, Answers]) -> list[Any]:
    with web[0].extensions[EXTENSION].database.read() as connection:
        return list(connection.execute(select(kept_answers)))


def made(answers: Answers) -> int:
    return sum(method == "create_case" for _, method, _ in answers.asked)


def test_O3_a_request_sent_twice_takes_effect_once_and_is_answered_the_same(
    client: FlaskClient, answers: Answers, keyed: dict[str, str]
) -> None:
    answers.by_method["create_case"] = a_case()
    first, second = (
        client.post("/api/v1/cases", data=text, headers=keyed, content_type="application/json")
        for text in ('{"subject": "x", "state": "open"}', '{"state":"open","subject":"x"}')
    )
    assert made(answers) == 1
    for answer in (first, second):
        assert (answer.status_code, answer.headers["Location"]) == (201, "/api/v1/cases/101")
    assert second.data == first.data and second.headers["Idempotency-Replayed"] == "true"


def test_O3_the_key_with_another_request_is_refused(
    client: FlaskClient, answers: Answers, keyed: dict[str, str]
) -> None:
    answers.by_method["create_case"] = a_case()
    client.post("/api/v1/cases", json={"subject": "x"}, headers=keyed)
    answer = client.post("/api/v1/cases", json={"subject": "y"}, headers=keyed)
    assert (answer.status_code, answer.json["field"]) == (422, "Idempotency-Key")
    other = {**token(client, "anna"), "Idempotency-Key": KEY}
    assert client.post("/api/v1/cases", json={"subject": "y"}, headers=other).status_code == 201
    assert made(answers) == 2


def test_O3_one_still_in_work_is_told_so_until_nobody_can_be_at_it(
    web: tuple[APIFlask, Answers], client: FlaskClient, answers: Answers, keyed: dict[str, str]
) -> None:
    answers.by_method["create_case"] = a_case()
    client.post("/api/v1/cases", json={"subject": "x"}, headers=keyed)
    with web[0].extensions[EXTENSION].database.write() as connection:
        connection.execute(update(kept_answers).values(answer=None))
    answer = client.post("/api/v1/cases", json={"subject": "x"}, headers=keyed)
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
    with time_machine.travel(now() + timedelta(minutes=3), tick=False):
        assert client.post("/api/v1/cases", json={"subject": "x"}, headers=keyed).status_code == 201
    assert made(answers) == 2


def test_O3_what_was_refused_may_be_sent_again(
    web: tuple[APIFlask, Answers], client: FlaskClient, answers: Answers, keyed: dict[str, str]
) -> None:
    answers.by_method["change_case"] = StaleVersion("case", 3, 4)
    body = {"version": 3, "subject": "x"}
    assert client.patch("/api/v1/cases/101", json=body, headers=keyed).status_code == 409
    assert rows(web) == []
    answers.by_method["change_case"] = a_case()
    assert client.patch("/api/v1/cases/101", json=body, headers=keyed).status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 201, "schlüssel", "a\tb"])
def test_O3_a_key_that_cannot_be_read_is_refused(client: FlaskClient, key: str) -> None:
    header = {**token(client, "tom"), "Idempotency-Key": key}
    answer = client.post("/api/v1/cases", json={"subject": "x"}, headers=header)
    assert (answer.status_code, answer.json["field"]) == (422, "Idempotency-Key")


def test_O3_a_file_sent_twice_is_the_same_whatever_separates_its_parts(
    client: FlaskClient, keyed: dict[str, str]
) -> None:
    found = [
        client.post("/api/v1/files", data={"file": (io.BytesIO(what), "a.txt")}, headers=keyed)
        for what in (b"one", b"one", b"two")
    ]
    assert [answer.status_code for answer in found] == [201, 201, 422]
    assert found[0].data == found[1].data


def test_O3_a_token_is_answered_again_but_stands_nowhere_in_clear(
    web: tuple[APIFlask, Answers], client: FlaskClient
) -> None:
    body = {"name": "tom", "password": PASSWORD}
    first, second = (
        client.post("/api/v1/tokens", json=body, headers={"Idempotency-Key": KEY}) for _ in range(2)
    )
    assert first.json["token"] == second.json["token"]
    (row,) = rows(web)
    assert KEY not in str(row) and first.json["token"] not in str(row)
    assert "tom" not in str(row.answer)


def test_O3_answers_are_kept_for_two_days(
    web: tuple[APIFlask, Answers], client: FlaskClient, answers: Answers, keyed: dict[str, str]
) -> None:
    answers.by_method["create_case"] = a_case()
    client.post("/api/v1/cases", json={"subject": "x"}, headers=keyed)
    (old,) = rows(web)
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        again = client.post("/api/v1/cases", json={"subject": "x"}, headers=keyed)
    assert (again.status_code, made(answers)) == (201, 1)
    with time_machine.travel(now() + timedelta(hours=49), tick=False):
        client.post(
            "/api/v1/cases", json={"subject": "y"}, headers={**keyed, "Idempotency-Key": "z"}
        )
    assert old.key not in {row.key for row in rows(web)}

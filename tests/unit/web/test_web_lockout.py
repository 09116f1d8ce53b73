"""O3: failed tries wait longer and longer; nobody locks another out; it is all recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import PASSWORD, Answers, sign_in
from unit.web.web_visits import happened, post
from werkzeug.test import TestResponse

from services.runtime.clock import now


def attempt(
    client: FlaskClient, address: str, password: str = "Xq9-guess", name: str = "tom"
) -> TestResponse:
    body = {"name": name, "password": password}
    where: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": address}}
    return client.post("/api/v1/tokens", json=body, **where)


def statuses(client: FlaskClient, count: int, address: str = "192.0.2.1") -> list[int]:
    return [attempt(client, address).status_code for _ in range(count)]


def test_O3_the_sixth_try_waits_a_minute_and_each_further_one_twice_as_long(
    client: FlaskClient,
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        assert statuses(client, 6) == [401] * 5 + [429]
        answer = attempt(client, "192.0.2.1", PASSWORD)
        assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
        assert "try again at" in answer.json["detail"]
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
            clock.shift(timedelta(minutes=minutes, seconds=-1))
            assert attempt(client, "192.0.2.1", PASSWORD).status_code == 429, minutes
            clock.shift(timedelta(seconds=1))
            assert attempt(client, "192.0.2.1").status_code == 401, minutes


def test_O3_a_block_holds_for_that_name_from_that_address_alone(client: FlaskClient) -> None:
    statuses(client, 6)
    assert attempt(client, "192.0.2.2", PASSWORD).status_code == 201
    assert attempt(client, "192.0.2.1", PASSWORD, "anna").status_code == 201


def test_O3_spelling_the_name_otherwise_does_not_help(client: FlaskClient) -> None:
    statuses(client, 5)
    assert attempt(client, "192.0.2.1", name=" TOM ").status_code == 429


def test_O3_a_success_clears_what_failed_before(client: FlaskClient) -> None:
    for _ in range(3):
        assert statuses(client, 4) == [401] * 4
        assert attempt(client, "192.0.2.1", PASSWORD).status_code == 201


def test_O3_guessing_from_many_addresses_is_slow_and_locks_nobody_out(
    client: FlaskClient,
) -> None:
    for last in range(1, 6):
        assert statuses(client, 4, f"198.51.100.{last}") == [401] * 4
    # From now on each further address has one try, and so its rightful owner, who is let in.
    assert statuses(client, 2, "203.0.113.1") == [401, 429]
    assert statuses(client, 2, "203.0.113.2") == [401, 429]
    assert attempt(client, "192.0.2.9", PASSWORD).status_code == 201


def test_O3_the_page_says_when_to_try_again(client: FlaskClient) -> None:
    for _ in range(4):
        assert sign_in(client, "wrong") == 401
    form = {"name": "tom", "password": "wrong"}
    fifth = post(client, "/sign-in", "/sign-in", **form)
    assert fifth.status_code == 401 and "Try again in 1 minute." in fifth.text
    sixth = post(client, "/sign-in", "/sign-in", name="tom", password=PASSWORD)
    assert sixth.status_code == 429 and "Try again in 1 minute." in sixth.text
    assert int(sixth.headers["Retry-After"]) <= 60


def test_O3_a_block_outlives_the_process(web: tuple[APIFlask, Answers]) -> None:
    from services.web.app import create_app
    from services.web.wiring import EXTENSION

    statuses(web[0].test_client(), 5)
    restarted = create_app(web[0].extensions[EXTENSION])
    assert statuses(restarted.test_client(), 1) == [429]


def test_O3_an_administrator_unlocks(web: tuple[APIFlask, Answers], client: FlaskClient) -> None:
    statuses(client, 6)
    admin = web[0].test_client()
    sign_in(admin, name="admin")
    assert "blocked from some address" in admin.get("/users/3").text
    assert post(admin, "/users/3/unlock", "/users/3").status_code == 303
    assert "not blocked" in admin.get("/users/3").text
    assert attempt(client, "192.0.2.1", PASSWORD).status_code == 201


def test_O3_every_try_is_recorded_for_the_user_and_for_administrators(
    web: tuple[APIFlask, Answers], client: FlaskClient
) -> None:
    statuses(client, 6)
    attempt(client, "192.0.2.1", name="nobody <b>")
    other = web[0].test_client()
    sign_in(other)
    assert happened(other) == [
        "Signed in",
        "Turned away: too many failed tries",
        *["Wrong name or password"] * 5,
    ]
    admin = web[0].test_client()
    sign_in(admin, name="admin")
    page = admin.get("/users/sign-ins").text
    assert "nobody &lt;b&gt;" in page and "192.0.2.1" in page and "Xq9-guess" not in page
    only = admin.get("/users/sign-ins?what=locked").text
    assert only.count('<td data-label="Address">') == 1
    none = admin.get("/users/sign-ins?name=zzz").text
    assert "Nothing fits" in none
    assert admin.get("/users/sign-ins?what=x").status_code == 422


def test_O3_the_record_is_read_page_by_page(
    web: tuple[APIFlask, Answers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.web.pages.sign_ins.PAGE", 2)
    admin = web[0].test_client()
    for _ in range(3):
        sign_in(admin, "wrong", "tom")
    sign_in(admin, name="admin")
    page, seen = "/users/sign-ins", 0
    for expected in (2, 2):
        text = admin.get(page).text
        seen += text.count('data-label="Address"')
        assert text.count('data-label="Address"') == expected
        page = text.split('rel="next"')[0].rpartition('href="')[2].rstrip('" ')
    assert seen == 4

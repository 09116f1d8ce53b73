"""O3: the second factor (TOTP, RFC 6238): set up, asked, each code once, lost, required."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from unit.web.web_bench import PASSWORD, Answers, bench, csrf_of, sign_in, token
from unit.web.web_visits import code, database_of, happened, post, turn_on_two_factor

from services.runtime.clock import now
from services.web.access.limits import limiter
from services.web.access.seal import Seal
from services.web.settings import WebSettings
from services.web.tables import recovery_codes, two_factor

WRONG = "000000"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(now(), tick=False) as moved:
        yield moved


@pytest.fixture
def secret(client: FlaskClient, clock: Any) -> str:
    """Tom has turned it on; the code of the moment is used up, and he is signed out."""
    sign_in(client)
    made, _ = turn_on_two_factor(client, now())
    post(client, "/sign-out")
    clock.shift(timedelta(seconds=30))
    return made


def second_step(client: FlaskClient, given: str) -> Any:
    return post(client, "/sign-in/code", "/sign-in/code", code=given)


def test_O3_it_is_turned_on_by_a_code_that_shows_that_it_works(
    client: FlaskClient, clock: Any
) -> None:
    sign_in(client)
    answer = post(client, "/me/two-factor", "/me/two-factor", code=WRONG)
    assert answer.status_code == 422 and "This code is wrong" in answer.text
    picture = client.get("/me/two-factor/picture.svg")
    assert picture.mimetype == "image/svg+xml" and b"<path" in picture.data
    _, codes = turn_on_two_factor(client, now())
    assert len(set(codes)) == 10 and all(len(one) == 19 for one in codes)
    assert client.get("/me/two-factor/picture.svg").status_code == 404
    assert client.get("/me/two-factor").headers["Location"] == "/me"
    page = client.get("/me").text
    assert "10 recovery codes are left" in page and codes[0] not in page
    assert happened(client)[0] == "Second factor turned on"


def test_O3_the_password_alone_signs_nobody_in(client: FlaskClient, secret: str) -> None:
    assert sign_in(client) == 303
    assert client.get("/cases").headers["Location"].startswith("/sign-in?")
    assert second_step(client, WRONG).status_code == 401
    answer = second_step(client, code(secret, now()))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    page = client.get("/me").text
    assert "password and code" in page
    assert happened(client)[:2] == ["Signed in", "Wrong code"]


def test_O3_a_code_of_a_neighbouring_step_is_taken_and_none_further(
    client: FlaskClient, secret: str, clock: Any
) -> None:
    clock.shift(timedelta(minutes=5))
    for steps, taken in ((-2, 401), (2, 401), (-1, 303)):
        sign_in(client)
        assert second_step(client, code(secret, now(), steps)).status_code == taken, steps


def test_O3_no_code_is_taken_twice_nor_one_before_it(
    web: tuple[APIFlask, Answers], client: FlaskClient, secret: str
) -> None:
    before, present = code(secret, now(), -1), code(secret, now())
    sign_in(client)
    assert second_step(client, present).status_code == 303
    thief = web[0].test_client()
    for seen in (present, before):
        sign_in(thief)
        assert second_step(thief, seen).status_code == 401
    assert second_step(thief, code(secret, now(), 1)).status_code == 303


def test_O3_a_recovery_code_signs_in_once_however_it_is_typed(
    client: FlaskClient, clock: Any
) -> None:
    sign_in(client)
    _, codes = turn_on_two_factor(client, now())
    for given, taken in (
        (codes[0].upper().replace("-", " "), 303),
        (codes[0], 401),
        (codes[1], 303),
    ):
        if client.get("/me").status_code == 200:
            post(client, "/sign-out")
        sign_in(client)
        assert second_step(client, given).status_code == taken
    assert "8 recovery codes are left" in client.get("/me").text
    assert "Recovery code used" in happened(client)


def test_O3_wrong_codes_wait_too_from_wherever_they_come(
    web: tuple[APIFlask, Answers], client: FlaskClient, secret: str, clock: Any
) -> None:
    sign_in(client)
    assert [second_step(client, WRONG).status_code for _ in range(5)] == [401] * 5
    elsewhere = web[0].test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.8"
    sign_in(elsewhere)
    blocked = second_step(elsewhere, code(secret, now()))
    assert blocked.status_code == 429 and "Try again in 1 minute." in blocked.text
    clock.shift(timedelta(seconds=61))
    assert second_step(elsewhere, code(secret, now())).status_code == 303


def test_O3_the_second_step_ends_after_five_minutes_and_with_a_new_password(
    web: tuple[APIFlask, Answers], client: FlaskClient, secret: str, clock: Any
) -> None:
    sign_in(client)
    key = csrf_of(client.get("/sign-in/code").text)
    clock.shift(timedelta(minutes=5, seconds=1))
    form = {"csrf_token": key, "code": code(secret, now())}
    assert client.post("/sign-in/code", data=form).headers["Location"] == "/sign-in"
    assert client.get("/me").status_code == 303
    assert web[0].test_client().get("/sign-in/code").headers["Location"] == "/sign-in"


def test_O3_turning_it_off_asks_password_and_code(
    client: FlaskClient, secret: str, clock: Any
) -> None:
    sign_in(client)
    second_step(client, code(secret, now()))
    clock.shift(timedelta(seconds=30))
    wrong_password = post(client, "/me/two-factor/off", password="x", code=code(secret, now()))
    assert wrong_password.status_code == 422 and "not your password" in wrong_password.text
    wrong_code = post(client, "/me/two-factor/off", password=PASSWORD, code=WRONG)
    assert wrong_code.status_code == 422 and "This code is wrong" in wrong_code.text
    right = post(client, "/me/two-factor/off", password=PASSWORD, code=code(secret, now()))
    assert right.headers["Location"] == "/me?done=off"
    post(client, "/sign-out")
    sign_in(client)
    assert client.get("/cases").status_code == 200


def test_O3_an_administrator_resets_it_for_who_lost_everything(
    web: tuple[APIFlask, Answers], client: FlaskClient, secret: str
) -> None:
    admin = web[0].test_client()
    sign_in(admin, name="admin")
    assert post(admin, "/users/3/reset-two-factor", "/users/3").status_code == 303
    sign_in(client)
    assert client.get("/cases").status_code == 200
    assert "Second factor reset by an administrator" in happened(client)


def test_O3_the_api_asks_the_code_only_when_the_password_is_right(
    client: FlaskClient, secret: str, clock: Any
) -> None:
    def answer(**more: str) -> Any:
        return client.post("/api/v1/tokens", json={"name": "tom", "password": PASSWORD, **more})

    assert "code" in answer().json["detail"] and answer().status_code == 401
    assert answer(password="wrong").json["detail"] == "The name or the password is wrong."
    assert answer(code=WRONG).json["detail"].startswith("The code is wrong")
    made = answer(code=code(secret, now()))
    assert made.status_code == 201
    header = {"Authorization": f"Bearer {made.json['token']}"}
    assert client.get("/api/v1/me", headers=header).status_code == 200
    assert answer(code=code(secret, now())).status_code == 401


def test_O3_neither_secret_nor_recovery_codes_stand_in_the_database(
    web: tuple[APIFlask, Answers], client: FlaskClient, clock: Any
) -> None:
    sign_in(client)
    secret, codes = turn_on_two_factor(client, now())
    with database_of(web[0]).read() as connection:
        kept = str(connection.execute(select(two_factor)).all())
        kept += str(connection.execute(select(recovery_codes)).all())
    assert secret not in kept
    assert not any(one in kept or one.replace("-", "") in kept for one in codes)


def test_O3_after_a_change_of_the_web_key_a_recovery_code_helps(
    web: tuple[APIFlask, Answers], client: FlaskClient, clock: Any
) -> None:
    sign_in(client)
    secret, codes = turn_on_two_factor(client, now())
    post(client, "/sign-out")
    sealed = Seal(["another key"], "two-factor").close(secret)
    with database_of(web[0]).write() as connection:
        connection.execute(update(two_factor).values(secret=sealed))
    sign_in(client)
    answer = second_step(client, code(secret, now(), 1))
    assert answer.status_code == 401 and "Give a recovery code" in answer.text
    body = {"name": "tom", "password": PASSWORD, "code": code(secret, now(), 1)}
    told = client.post("/api/v1/tokens", json=body)
    assert told.status_code == 401 and "recovery code" in told.json["detail"]
    assert second_step(client, codes[0]).status_code == 303


@pytest.fixture
def strict(tmp_path: Path) -> APIFlask:
    """A web service whose administrators and managers must have a second factor."""
    made, _ = bench(tmp_path, web_two_factor_for="admin, manager")
    limiter.reset()
    return made


def test_O3_who_must_have_one_is_led_to_set_it_up_before_anything_else(
    strict: APIFlask, clock: Any
) -> None:
    client = strict.test_client()
    sign_in(client, name="anna")
    for path in ("/cases", "/me", "/", "/nothing-of-ours/x"):
        answer = client.get(path)
        assert answer.headers.get("Location") == "/me/two-factor" or answer.status_code == 404
    assert client.get("/api/v1/me").status_code == 403
    assert "Your role has to have a second factor" in client.get("/me/two-factor").text
    turn_on_two_factor(client, now())
    assert client.get("/cases").status_code == 200


def test_O3_who_must_have_one_gets_no_token_without(strict: APIFlask) -> None:
    client = strict.test_client()
    body = {"name": "anna", "password": PASSWORD}
    answer = client.post("/api/v1/tokens", json=body)
    assert answer.status_code == 403 and "set it up first" in answer.json["detail"]
    assert client.get("/api/v1/me", headers=token(client, "tom")).status_code == 200


def test_O3_a_role_that_does_not_exist_is_no_setting(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="boss is no role"):
        WebSettings(CASEWIRE_HOME=tmp_path, web_two_factor_for="admin,boss")

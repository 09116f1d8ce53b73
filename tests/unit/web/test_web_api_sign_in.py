"""O3: by the API too: one's password, sessions and second factor, and those of users."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from flask.testing import FlaskClient
from unit.web.web_bench import PASSWORD, USERS, Answers, a_case, sign_in, token

from services.runtime.clock import now

NEW = "a heron by the weir"
WRONG = "000000"
TOM = next(id for id, user in USERS.items() if user["login"] == "tom")


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(now(), tick=False) as moved:
        yield moved


def ask(client: FlaskClient, header: dict[str, str], what: str, body: Any = None) -> Any:
    method, path = what.split()
    return client.open(f"/api/v1{path}", method=method, json=body, headers=header)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def test_O3_a_password_is_changed_by_who_knows_the_present_one(client: FlaskClient) -> None:
    sign_in(client)
    tom = token(client, "tom")
    wrong = ask(client, tom, "POST /me/password", {"password": "x", "new_password": NEW})
    assert (wrong.status_code, wrong.json["field"]) == (422, "password")
    short = ask(client, tom, "POST /me/password", {"password": PASSWORD, "new_password": "short"})
    assert (short.status_code, short.json["field"]) == (422, "new_password")
    given = {"password": PASSWORD, "new_password": NEW}
    assert ask(client, tom, "POST /me/password", given).status_code == 204
    assert ask(client, tom, "GET /me").status_code == 401
    assert not is_signed_in(client)
    assert sign_in(client, NEW) == 303


def test_O3_guessing_the_password_with_a_token_is_slowed_down(client: FlaskClient) -> None:
    tom = token(client, "tom")
    given = {"password": "guessed", "new_password": NEW}
    statuses = [ask(client, tom, "POST /me/password", given).status_code for _ in range(12)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_O3_ones_sessions_are_listed_and_ended_and_tokens_go_on(client: FlaskClient) -> None:
    anna = token(client, "anna")
    sign_in(client)
    tom = token(client, "tom")
    shown = ask(client, tom, "GET /me/sessions").json["items"]
    assert [one["proof"] for one in shown] == ["password"]
    assert "sha256" not in shown[0]
    not_his = ask(client, anna, f"DELETE /me/sessions/{shown[0]['id']}")
    assert not_his.status_code == 404
    assert is_signed_in(client)
    assert ask(client, tom, f"DELETE /me/sessions/{shown[0]['id']}").status_code == 204
    assert not is_signed_in(client)
    sign_in(client)
    assert ask(client, tom, "DELETE /me/sessions").status_code == 204
    assert not is_signed_in(client)
    assert ask(client, tom, "GET /me/sessions").json == {"items": [], "next": None}


def test_O3_the_second_factor_is_turned_on_used_and_turned_off(
    client: FlaskClient, clock: Any
) -> None:
    sign_in(client)
    tom = token(client, "tom")
    off = {"on": False, "recovery_codes_left": 0, "must_have": False}
    assert ask(client, tom, "GET /me/two-factor").json == off
    offered = ask(client, tom, "POST /me/two-factor/secret").json
    assert offered["secret"] in offered["uri"] and offered["uri"].startswith("otpauth://totp/")
    assert ask(client, tom, "POST /me/two-factor/secret").json == offered
    wrong = ask(client, tom, "POST /me/two-factor", {"code": WRONG})
    assert (wrong.status_code, wrong.json["field"]) == (422, "code")
    totp = pyotp.TOTP(offered["secret"])
    made = ask(client, tom, "POST /me/two-factor", {"code": totp.at(now())})
    assert len(set(made.json["recovery_codes"])) == 10
    assert not is_signed_in(client)
    assert ask(client, tom, "GET /me/two-factor").json["recovery_codes_left"] == 10
    assert ask(client, tom, "POST /me/two-factor/secret").status_code == 422
    clock.shift(timedelta(seconds=30))
    used = {"password": PASSWORD, "code": WRONG}
    assert ask(client, tom, "POST /me/two-factor/off", used).json["field"] == "code"
    used["code"] = totp.at(now())
    assert ask(client, tom, "POST /me/two-factor/off", used).status_code == 204
    assert ask(client, tom, "GET /me/two-factor").json == off


def test_O3_an_administrator_helps_who_cannot_sign_in(client: FlaskClient, clock: Any) -> None:
    tom, admin = token(client, "tom"), token(client, "admin")
    secret = ask(client, tom, "POST /me/two-factor/secret").json["secret"]
    ask(client, tom, "POST /me/two-factor", {"code": pyotp.TOTP(secret).at(now())})
    for _ in range(6):
        client.post("/api/v1/tokens", json={"name": "tom", "password": "guessed"})
    stands = ask(client, admin, f"GET /users/{TOM}/access").json
    assert stands["two_factor_on"] and stands["blocked_until"]
    assert ask(client, admin, f"DELETE /users/{TOM}/blocks").status_code == 204
    assert ask(client, admin, f"DELETE /users/{TOM}/two-factor").status_code == 204
    stands = ask(client, admin, f"GET /users/{TOM}/access").json
    assert stands == {"two_factor_on": False, "sessions": 0, "blocked_until": None}
    sign_in(client)
    assert ask(client, admin, f"DELETE /users/{TOM}/sessions").status_code == 204
    assert not is_signed_in(client)


def test_O3_the_record_of_sign_ins_is_read_page_by_page(client: FlaskClient) -> None:
    admin = token(client, "admin")
    client.post("/api/v1/tokens", json={"name": "tom", "password": "guessed"})
    client.post("/api/v1/tokens", json={"name": "nobody", "password": "guessed"})
    path, seen = "GET /sign-ins?limit=1", []
    page = ask(client, admin, path).json
    while page["next"]:
        seen += page["items"]
        page = ask(client, admin, f"{path}&cursor={page['next']}").json
    seen += page["items"]
    assert [(one["what"], one["name"]) for one in seen] == [
        ("wrong_password", "nobody"),
        ("wrong_password", "tom"),
        ("token_made", "admin"),
    ]
    assert seen[0]["user_id"] is None and seen[1]["user_id"] == TOM
    of_tom = ask(client, admin, f"GET /sign-ins?user_id={TOM}&what=wrong_password").json
    assert [one["name"] for one in of_tom["items"]] == ["tom"]
    assert ask(client, admin, "GET /sign-ins?cursor=x").status_code == 422
    assert ask(client, admin, "GET /sign-ins?what=dreamt").status_code == 422


def test_O3_an_agent_ends_the_portal_links_of_a_case(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["end_portal_links"] = a_case()
    answer = ask(client, token(client, "tom"), "DELETE /cases/101/portal-links")
    assert answer.status_code == 204
    assert answers.last("end_portal_links")["command"]["number"] == 101

"""Signing in and out, by page and by token."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import HASH, PASSWORD, Answers, csrf_of, sign_in, token

from services.runtime.clock import now
from services.web.access.credentials import save_credential
from services.web.access.passwords import password_matches
from services.web.access.tokens import find_token, issue_token
from services.web.access.web_key import secret_keys
from services.web.pages.session import safe_next
from services.web.settings import WebSettings
from services.web.wiring import EXTENSION


def test_O3_the_right_password_signs_in_and_the_cookie_is_kept_from_scripts(
    client: FlaskClient,
) -> None:
    assert sign_in(client) == 303
    assert client.get("/cases").status_code == 200
    cookie = client.get_cookie("casewire")
    assert cookie is not None
    assert cookie.http_only and cookie.same_site == "Lax"


@pytest.mark.parametrize(("name", "password"), [("tom", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_O3_a_wrong_name_and_a_wrong_password_are_told_alike(
    client: FlaskClient, name: str, password: str
) -> None:
    assert sign_in(client, password, name) == 401
    assert client.get("/cases").status_code == 303


def test_O3_an_unknown_name_costs_a_hash_as_a_known_one_does(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []
    monkeypatch.setattr(
        "services.web.access.people.password_matches",
        lambda kept, given: bool(checked.append(kept)) or password_matches(kept, given),
    )
    for name in ("tom", "nobody"):
        client.post("/api/v1/tokens", json={"name": name, "password": "wrong"})
    assert [kept is None for kept in checked] == [False, True]
    assert not password_matches(None, "the password of a user who does not exist")


def test_O3_a_form_without_its_key_does_nothing(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"name": "tom", "password": PASSWORD})
    assert answer.status_code == 400
    assert "This page is too old" in answer.text


def test_O3_a_session_cookie_does_not_write_through_the_api(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client)
    assert client.get("/api/v1/cases").status_code == 200
    answer = client.post("/api/v1/cases", json={"subject": "from another site"})
    assert answer.status_code == 400
    assert "create_case" not in {name for _, name, _ in answers.asked}


def test_O3_a_new_password_ends_sessions_and_tokens(
    web: tuple[APIFlask, Answers], client: FlaskClient
) -> None:
    sign_in(client)
    header = token(client, "tom")
    with web[0].extensions[EXTENSION].database.write() as connection:
        save_credential(connection, 3, "tom", HASH, now())
    assert client.get("/cases").status_code == 303
    assert client.get("/api/v1/me", headers=header).status_code == 401


def test_O3_signing_out_ends_the_session(client: FlaskClient) -> None:
    sign_in(client)
    client.post("/sign-out", data={"csrf_token": csrf_of(client.get("/cases").text)})
    assert client.get("/cases").status_code == 303


def test_O3_a_token_holds_until_it_ends(web: tuple[APIFlask, Answers]) -> None:
    moment = now()
    with web[0].extensions[EXTENSION].database.write() as connection:
        given = issue_token(connection, 3, moment, timedelta(hours=1))
        assert find_token(connection, given, moment) == (3, True)
        assert find_token(connection, given, moment + timedelta(hours=2)) is None
        assert find_token(connection, given + "x", moment) is None


def test_O3_a_program_ends_its_token(client: FlaskClient) -> None:
    header = token(client, "tom")
    assert client.delete("/api/v1/tokens/current", headers=header).status_code == 204
    assert client.get("/api/v1/me", headers=header).status_code == 401


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", None],
)
def test_O3_signing_in_leads_nowhere_else(web: tuple[APIFlask, Answers], wanted: str) -> None:
    with web[0].test_request_context():
        assert safe_next(wanted) == "/"
        assert safe_next("/cases?state=open") == "/cases?state=open"


def test_the_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    settings = WebSettings(CASEWIRE_HOME=tmp_path / "new")
    (key,) = secret_keys(settings)
    assert len(key) == 64 and secret_keys(settings) == (key,)
    assert (tmp_path / "new" / "web.key").stat().st_mode & 0o777 == 0o600
    given = WebSettings(CASEWIRE_HOME=tmp_path, web_secret_key="given")
    assert secret_keys(given) == ("given",)

"""O3: sessions are seen, and ended: by oneself, by an administrator, by time."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, csrf_of, sign_in
from unit.web.web_visits import database_of, happened, post

from services.runtime.clock import now
from services.web.access.visitor import Visitor, program_words

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def other(web: tuple[APIFlask, Answers]) -> FlaskClient:
    """Tom at another program."""
    client = web[0].test_client()
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    assert sign_in(client) == 303
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def test_O3_one_session_is_ended_and_its_next_request_leads_to_signing_in(
    client: FlaskClient, other: FlaskClient
) -> None:
    sign_in(client)
    page = client.get("/me").text
    assert "Firefox on Linux" in page and page.count("this one") == 1
    (path,) = re.findall(r'action="(/me/sessions/\d+/end)"', page)
    assert post(client, path).status_code == 303
    assert is_in(client)
    assert other.get("/me").headers["Location"].startswith("/sign-in")
    assert happened(client)[0] == "Session ended"


def test_O3_all_other_sessions_are_ended_at_once(client: FlaskClient, other: FlaskClient) -> None:
    sign_in(client)
    post(client, "/me/sessions/end-others")
    assert is_in(client) and not is_in(other)


def test_O3_nobody_ends_the_session_of_another(
    web: tuple[APIFlask, Answers], other: FlaskClient
) -> None:
    anna = web[0].test_client()
    sign_in(anna, name="anna")
    assert post(anna, "/me/sessions/1/end").status_code == 404
    assert is_in(other)


def test_O3_an_administrator_ends_all_sessions_of_a_user(
    web: tuple[APIFlask, Answers], other: FlaskClient
) -> None:
    admin = web[0].test_client()
    sign_in(admin, name="admin")
    assert post(admin, "/users/3/end-sessions", "/users/3").status_code == 303
    assert not is_in(other) and is_in(admin)


def test_O3_a_cookie_kept_from_before_signing_out_signs_nobody_in(client: FlaskClient) -> None:
    sign_in(client)
    cookie = client.get_cookie("casewire")
    assert cookie is not None
    post(client, "/sign-out")
    client.set_cookie("casewire", cookie.value)
    assert not is_in(client)


def test_O3_a_session_ends_unused_after_a_day_and_used_after_a_week(client: FlaskClient) -> None:
    begun = now()
    with time_machine.travel(begun, tick=False) as clock:
        sign_in(client)
        for times in range(1, 8):
            clock.move_to(begun + timedelta(hours=23) * times)
            assert is_in(client), times
        clock.move_to(begun + timedelta(days=7, seconds=1))
        assert not is_in(client)
        sign_in(client)
        clock.shift(timedelta(hours=24, seconds=1))
        assert not is_in(client)


def test_O3_a_new_password_ends_the_other_sessions_and_tokens(
    client: FlaskClient, other: FlaskClient
) -> None:
    sign_in(client)
    new = {"new_password": "quite another one", "repeated": "quite another one"}
    assert post(client, "/me/password", password="wrong", **new).status_code == 422
    answer = post(client, "/me/password", password="correct horse battery", **new)
    assert answer.headers["Location"] == "/me?done=password"
    assert is_in(client) and not is_in(other)
    client.post("/sign-out", data={"csrf_token": csrf_of(client.get("/me").text)})
    assert sign_in(client) == 401
    assert sign_in(client, "quite another one") == 303


@pytest.mark.parametrize(
    ("new", "repeated", "told"),
    [
        ("short", "short", "too short"),
        ("password1234", "password1234", "guessed first"),
        ("TomNovak2026", "TomNovak2026", "a name of its user"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "repeats itself"),
        ("quite another one", "quite an other one", "not the same as above"),
    ],
)
def test_O3_a_password_that_will_not_do_is_refused_with_why(
    client: FlaskClient, new: str, repeated: str, told: str
) -> None:
    sign_in(client)
    form = {"password": "correct horse battery", "new_password": new, "repeated": repeated}
    answer = post(client, "/me/password", **form)
    assert answer.status_code == 422 and told in answer.text
    assert f'value="{new}"' not in answer.text


def test_O3_the_secret_of_a_session_is_nowhere_in_the_database(
    web: tuple[APIFlask, Answers], client: FlaskClient
) -> None:
    sign_in(client)
    with client.session_transaction() as kept:
        secret = kept["_user_id"]
    with database_of(web[0]).read() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert 'INSERT INTO "sessions"' in dump and secret not in dump


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("python-requests/2.32", "Python"),
        ("<script>alert(1)</script>", "an unknown program"),
        ("", "an unknown program"),
    ],
)
def test_O3_a_program_is_named_in_a_few_words(sent: str, words: str) -> None:
    assert program_words(sent) == words


def test_O3_tries_count_for_a_whole_network_of_IPv6() -> None:
    assert Visitor("2001:db8:1:2:3::4", "").network == "2001:db8:1:2::/64"
    assert Visitor("192.0.2.7", "").network == Visitor("::ffff:192.0.2.7", "").network

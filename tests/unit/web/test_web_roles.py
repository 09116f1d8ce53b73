"""Every route is in the one table of roles, and the gate keeps to it (O3)."""

from __future__ import annotations

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, a_case, token

from services.web.access.roles import LEAST_ROLE, may

WRITING = {"POST", "PUT", "PATCH", "DELETE"}


def endpoints(app: APIFlask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules()}


def test_O3_every_route_has_its_role_and_the_table_has_no_other(
    web: tuple[APIFlask, Answers],
) -> None:
    assert endpoints(web[0]) == set(LEAST_ROLE)


def test_O3_a_reader_writes_nothing_but_that_he_is_there_and_what_is_his(
    web: tuple[APIFlask, Answers],
) -> None:
    written = {
        rule.endpoint
        for rule in web[0].url_map.iter_rules()
        if rule.methods & WRITING and may("read-only", rule.endpoint)
    }
    assert written == {
        "session.sign_in",
        "session.code",
        "session.sign_out",
        "password_reset.ask",
        "password_reset.choose",
        "me.change_password",
        "me.end_one",
        "me.end_others",
        "two_factor.turn_on",
        "two_factor.turn_off",
        "feeds.make",
        "list_columns.save",
        "first_report.keep",
        "report_mails.save",
        "report_mails.pause",
        "report_mails.send",
        "report_mails.delete",
        "feeds.revoke",
        "portal.answer",  # for whoever has the link of a partner's contact
        "portal.close",
        "portal.ask",
        "live.presence",
        "api_tokens.create_token",
        "api_tokens.revoke_own_token",
        "api_me.change_my_password",
        "api_me.end_my_sessions",
        "api_me.end_my_session",
        "api_two_factor.offer_two_factor",
        "api_two_factor.turn_two_factor_on",
        "api_two_factor.turn_two_factor_off",
        "api_feeds.add_feed",
        "api_feeds.revoke_feed_of_mine",
        "api_report_mails.create_report_mail",
        "api_report_mails.change_report_mail",
        "api_report_mails.delete_report_mail",
        "api_report_mails.send_report_mail",
    }


def test_O3_what_the_table_does_not_know_nobody_may() -> None:
    assert not may("admin", "pages.of_tomorrow")
    assert not may(None, "case.show")


@pytest.mark.parametrize("path", ["/api/v1/cases", "/api/v1/users", "/api/v1/me"])
def test_O3_without_a_token_the_api_answers_401(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.mimetype == "application/problem+json"


def test_O3_without_a_session_a_page_leads_to_signing_in(client: FlaskClient) -> None:
    answer = client.get("/cases/101?x=1")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/cases/101?x%3D1"


def test_O3_a_fragment_asked_without_a_session_sends_the_whole_page_to_signing_in(
    client: FlaskClient,
) -> None:
    answer = client.get("/cases", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"][:8]) == (401, "/sign-in")


REFUSALS = [
    ("rita", "POST /api/v1/cases"),
    ("rita", "POST /api/v1/cases/101/messages"),
    ("tom", "POST /api/v1/sections"),
    ("anna", "POST /api/v1/users"),
    ("anna", "POST /api/v1/rules"),
    ("anna", "GET /api/v1/accounts/incoming"),
]


@pytest.mark.parametrize(("login", "what"), REFUSALS)
def test_O3_a_role_that_does_not_suffice_is_answered_403(
    client: FlaskClient, answers: Answers, login: str, what: str
) -> None:
    method, path = what.split()
    answer = client.open(path, method=method, json={}, headers=token(client, login))
    assert (answer.status_code, answer.json["title"]) == (403, "Forbidden")
    assert {name for _, name, _ in answers.asked} <= {"get_user", "get_user_by_login"}


def test_O3_an_agent_may_work_on_cases(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["create_case"] = a_case()
    answer = client.post("/api/v1/cases", json={"subject": "x"}, headers=token(client, "tom"))
    assert (answer.status_code, answer.headers["Location"]) == (201, "/api/v1/cases/101")
    assert answers.last("create_case")["command"]["actor_id"] == 3


def test_O3_a_user_no_longer_active_is_out_at_once(client: FlaskClient, answers: Answers) -> None:
    header = token(client, "tom")
    answers.by_method["get_user"] = {"id": 3, "login": "tom", "name": "Tom", "active": False}
    assert client.get("/api/v1/me", headers=header).status_code == 401

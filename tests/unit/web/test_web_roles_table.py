"""O3: every route, asked by every role, answers as the one table says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import USERS, Answers, sign_in, token
from werkzeug.routing import Rule

from services.web.access.gate import API
from services.web.access.roles import LEAST_ROLE, may
from services.web.access.sight import NEEDS_WHOLE_SIGHT

NOBODY = ""
WHO = [NOBODY, "rita", "tom", "anna", "nora", "admin"]
ROLES = {user["login"]: user for user in USERS.values()}
# After these the one who asks is signed out.
ENDING = {
    *("session.sign_out", "api_tokens.revoke_own_token", "password_reset.follow"),
    *("api_me.end_my_session", "api_me.end_my_sessions", "api_user_access.end_user_sessions"),
    "api_user_access.reset_user_two_factor",
}
FILLED = {"int": "1", "uuid": "0190a000-0000-7000-8000-000000000000", "any": "categories"}


def routes(app: APIFlask) -> Iterator[tuple[Rule, str]]:
    """Each route with each of its methods; those that sign out come last."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint in ENDING, rule.rule))
    for rule in rules:
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def path_of(rule: Rule) -> str:
    def fill(found: re.Match[str]) -> str:
        return FILLED.get((found[1] or "string").partition("(")[0], "x")

    return re.sub(r"<(?:([a-z]+(?:\([^)]*\))?):)?[a-z_]+>", fill, rule.rule)


def expected(rule: Rule, login: str) -> str:
    """The class of the answer: "open", "401", "303" (to signing in) or "403"."""
    if LEAST_ROLE[rule.endpoint] == "anyone":
        return "open"
    if login == NOBODY:
        return "401" if rule.rule.startswith(API) else "303"
    user = ROLES[login]
    beyond = user.get("sees") == "sections" and rule.endpoint in NEEDS_WHOLE_SIGHT
    return "open" if may(user["role"], rule.endpoint) and not beyond else "403"


def found(answer: Any, rule: Rule) -> str:
    if answer.status_code in (403, 500):
        return str(answer.status_code)
    if answer.status_code == 401 and LEAST_ROLE[rule.endpoint] != "anyone":
        return "401"
    to_sign_in = answer.headers.get("Location", "").startswith("/sign-in")
    closed = answer.status_code == 303 and to_sign_in and LEAST_ROLE[rule.endpoint] != "anyone"
    return "303" if closed else "open"


def asker(app: APIFlask, login: str) -> tuple[FlaskClient, dict[str, str]]:
    """A browser that is signed in, and the header of a token: for pages and for the API."""
    client = app.test_client()
    if login == NOBODY:
        return client, {}
    assert sign_in(client, name=login) == 303
    return client, token(client, login)


@pytest.mark.parametrize("login", WHO, ids=lambda login: login or "nobody")
def test_O3_every_route_answers_each_role_as_the_table_says(
    web: tuple[APIFlask, Answers], login: str
) -> None:
    app, _ = web
    client, header = asker(app, login)
    wrong = {}
    for rule, method in routes(app):
        if rule.endpoint in ENDING:
            client, header = asker(app, login)
        given = header if rule.rule.startswith(API) else {}
        answer = client.open(path_of(rule), method=method, headers=given)
        if (told := found(answer, rule)) != (wanted := expected(rule, login)):
            wrong[f"{method} {rule.rule}"] = f"{answer.status_code} is {told}, not {wanted}"
    assert wrong == {}


def test_O3_the_table_is_walked_whole(web: tuple[APIFlask, Answers]) -> None:
    walked = {rule.endpoint for rule, _ in routes(web[0])}
    assert walked == set(LEAST_ROLE)
    assert len(list(routes(web[0]))) > 150

"""Steps that tests of signing in take again and again."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pyotp
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import csrf_of
from werkzeug.test import TestResponse

from services.runtime.database import Database
from services.web.wiring import EXTENSION


def database_of(app: APIFlask) -> Database:
    database = app.extensions[EXTENSION].database
    assert isinstance(database, Database)
    return database


def post(client: FlaskClient, path: str, at: str = "/me", **form: Any) -> TestResponse:
    """Send a form with the key of the page `at`."""
    key = csrf_of(client.get(at).text)
    return client.post(path, data={"csrf_token": key, **form})


def code(secret: str, moment: datetime, steps: int = 0) -> str:
    """The code of that moment, or of so many steps of 30 seconds later."""
    return str(pyotp.TOTP(secret).at(moment + timedelta(seconds=30 * steps)))


def turn_on_two_factor(client: FlaskClient, moment: datetime) -> tuple[str, list[str]]:
    """By the pages; the secret and the recovery codes. The code of the moment is used up."""
    page = client.get("/me/two-factor").text
    found = re.search(r"type this secret: <code>([A-Z2-7 ]+)</code>", page)
    assert found is not None
    secret = found[1].replace(" ", "")
    answer = post(client, "/me/two-factor", "/me/two-factor", code=code(secret, moment))
    assert answer.status_code == 200, answer.status_code
    return secret, re.findall(r"<li><code>([a-z2-9-]+)</code></li>", answer.text)


def happened(client: FlaskClient) -> list[str]:
    """What the page of one's account tells, the latest first; each by its words."""
    table = client.get("/me").text.split("What happened lately")[1]
    return re.findall(r'<td class="c-name">(?:<span[^>]*>)?([^<]+)', table)

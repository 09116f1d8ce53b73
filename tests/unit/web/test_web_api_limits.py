"""O3: the API is asked only so often, and says how often."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from unit.web.web_bench import bench, sign_in, token

from services.runtime.clock import now
from services.runtime.settings import SettingsError
from services.web.access.limits import limiter
from services.web.settings import WebSettings


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    app, _ = bench(tmp_path, web_api_limit="5 per minute")
    limiter.reset()
    return app.test_client()


def test_O3_each_token_has_its_own_number_of_requests(client: FlaskClient) -> None:
    tom, anna = token(client, "tom"), token(client, "anna")
    told = [client.get("/api/v1/me", headers=tom) for _ in range(6)]
    assert [answer.status_code for answer in told] == [200] * 5 + [429]
    assert told[0].headers["RateLimit-Policy"] == '"token";q=5;w=60'
    assert told[0].headers["RateLimit"].startswith('"token";r=4;t=')
    refused = told[-1]
    assert refused.mimetype == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit"].startswith('"token";r=0;t=')
    assert client.get("/api/v1/me", headers=anna).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        assert client.get("/api/v1/me", headers=tom).status_code == 200


def test_O3_tokens_that_are_none_count_for_their_address(client: FlaskClient) -> None:
    anna = token(client, "anna")
    made_up = [{"Authorization": f"Bearer cw_{number}"} for number in range(6)]
    statuses = [client.get("/api/v1/me", headers=one).status_code for one in made_up]
    assert statuses == [401] * 4 + [429] * 2  # signing in was the first from this address
    assert client.get("/api/v1/me", headers=anna).status_code == 200


def test_O3_without_a_token_the_address_counts(client: FlaskClient) -> None:
    statuses = [client.get("/api/v1/openapi.json").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_O3_pages_are_not_counted(client: FlaskClient) -> None:
    sign_in(client)
    for _ in range(8):
        assert client.get("/calendar/feeds").status_code == 200


@pytest.mark.parametrize("limit", ["", "many", "5 per fortnight"])
def test_a_limit_that_is_none_is_told_at_start(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setenv("WEB_API_LIMIT", limit)
    with pytest.raises(SettingsError, match="WEB_API_LIMIT"):
        WebSettings.load()

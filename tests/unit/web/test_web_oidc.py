"""O3: signing in by OpenID Connect at a real provider process; what must not be believed is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from apiflask import APIFlask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from support.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider
from unit.web.web_bench import USERS, Answers, bench
from unit.web.web_visits import happened, turn_on_two_factor

from services.runtime.clock import now
from services.web.access.limits import limiter
from services.web.settings import WebSettings


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    made = OidcProvider()
    yield made
    made.stop()


@pytest.fixture
def web(tmp_path: Path, provider: OidcProvider) -> tuple[APIFlask, Answers]:
    made = bench(
        tmp_path,
        web_oidc_issuer=provider.issuer,
        web_oidc_client_id=CLIENT_ID,
        web_oidc_client_secret=CLIENT_SECRET,
        web_oidc_name="Our directory",
        web_two_factor_for="agent",
    )
    limiter.reset()
    made[1].by_method["list_users"] = [
        {**user, "address": f"{user['login']}@ours.example"} for user in USERS.values()
    ]
    return made


def go(client: FlaskClient, wanted: str = "/cases") -> Any:
    """To the provider and back, as a browser goes; our last answer."""
    begun = client.get(f"/sign-in/single?next={wanted}")
    assert begun.status_code == 302, begun.text
    back = requests.get(begun.headers["Location"], allow_redirects=False, timeout=10)
    parts = urlsplit(back.headers["Location"])
    assert parts.path == "/sign-in/single/answer"
    return client.get(f"{parts.path}?{parts.query}")


def test_O3_who_proved_himself_at_the_provider_is_signed_in(
    client: FlaskClient, provider: OidcProvider
) -> None:
    assert "Sign in with Our directory" in client.get("/sign-in").text
    answer = go(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/cases")
    # Agents must have a second factor here; the provider's is the provider's matter.
    assert client.get("/cases").status_code == 200
    assert "single sign-on" in client.get("/me").text
    assert happened(client) == ["Signed in by single sign-on"]
    (asked,) = provider.requests
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
    assert len(asked["state"]) >= 20 and len(asked["nonce"]) >= 20
    assert CLIENT_SECRET not in str(asked)


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"nonce": "of another request"}, "nonce"),
        ({"nonce": None}, "no nonce"),
        ({"aud": "another client"}, "audience"),
        ({"aud": "another client", "azp": CLIENT_ID}, "audience of another, though for us"),
        ({"exp": 1_600_000_000}, "expired"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"email_verified": False}, "not verified"),
        ({"email_verified": None}, "not said to be verified"),
        ({"email_verified": "true"}, "verified as a text"),
        ({"email": None}, "no address"),
        ({"email": "nobody@ours.example"}, "nobody of ours"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_O3_what_must_not_be_believed_signs_nobody_in(
    client: FlaskClient, provider: OidcProvider, claims: dict[str, Any], why: str
) -> None:
    provider.claims = claims
    answer = go(client)
    assert answer.status_code == 401, why
    assert "This did not sign you in" in answer.text
    assert client.get("/cases").status_code == 303


def test_O3_a_token_signed_by_another_key_signs_nobody_in(
    client: FlaskClient, provider: OidcProvider
) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    assert go(client).status_code == 401


def test_O3_the_answer_to_another_browser_signs_nobody_in(
    web: tuple[APIFlask, Answers], client: FlaskClient
) -> None:
    begun = client.get("/sign-in/single")
    back = requests.get(begun.headers["Location"], allow_redirects=False, timeout=10)
    query = urlsplit(back.headers["Location"]).query
    other = web[0].test_client()
    assert other.get(f"/sign-in/single/answer?{query}").status_code == 401
    state = parse_qs(query)["state"][0]
    assert client.get(f"/sign-in/single/answer?code=guessed&state={state}").status_code == 401
    assert client.get("/sign-in/single/answer?error=access_denied").status_code == 401


def test_O3_an_address_of_two_users_signs_neither_in(
    web: tuple[APIFlask, Answers], client: FlaskClient
) -> None:
    web[1].by_method["list_users"] = [
        {**user, "address": "tom@ours.example"} for user in USERS.values()
    ]
    assert go(client).status_code == 401


def test_O3_who_is_no_longer_active_is_not_signed_in(
    web: tuple[APIFlask, Answers], client: FlaskClient
) -> None:
    web[1].by_method["list_users"] = [{**USERS[3], "address": "tom@ours.example", "active": False}]
    assert go(client).status_code == 401


def test_O3_metadata_of_another_issuer_are_not_used(
    client: FlaskClient, provider: OidcProvider
) -> None:
    provider.issuer_told = "https://evil.example"
    answer = client.get("/sign-in/single")
    assert answer.status_code == 503 and "cannot be reached at present" in answer.text


def test_O3_a_provider_that_is_away_is_told_of(client: FlaskClient, provider: OidcProvider) -> None:
    provider.stop()
    answer = client.get("/sign-in/single")
    assert answer.status_code == 503 and "sign in with a password" in answer.text


def test_O3_it_does_not_lead_to_another_site(client: FlaskClient) -> None:
    assert go(client, "https://evil.example/").headers["Location"] == "/"


def test_O3_a_way_begun_and_left_neither_signs_out_nor_grows_the_cookie(
    client: FlaskClient,
) -> None:
    go(client)
    for _ in range(3):
        client.get("/sign-in/single")
    assert client.get("/me").status_code == 200
    with client.session_transaction() as kept:
        assert sum(key.startswith("_state_") for key in kept) == 1


def test_O3_without_a_provider_there_is_no_such_way(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    client = bench(tmp_path / "plain")[0].test_client()
    assert "Sign in with" not in client.get("/sign-in").text
    for path in ("/sign-in/single", "/sign-in/single/answer?code=x&state=y"):
        assert client.get(path).status_code == 404


def test_O3_the_settings_of_a_provider_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match=r"https://login\.example\.com"):
        WebSettings(CASEWIRE_HOME=tmp_path, web_oidc_issuer="http://login.example.com")
    with pytest.raises(ValueError, match="WEB_OIDC_CLIENT_ID is needed"):
        WebSettings(CASEWIRE_HOME=tmp_path, web_oidc_issuer="https://login.example.com")
    (tmp_path / "secret").write_text("of a file\n")
    monkeypatch.setenv("WEB_OIDC_CLIENT_SECRET_FILE", str(tmp_path / "secret"))
    assert WebSettings(CASEWIRE_HOME=tmp_path).oidc_client_secret == "of a file"


def test_O3_his_own_second_factor_is_not_asked_of_who_comes_from_the_provider(
    client: FlaskClient,
) -> None:
    go(client)
    turn_on_two_factor(client, now())
    client.delete_cookie("casewire")
    go(client)
    assert client.get("/cases").status_code == 200

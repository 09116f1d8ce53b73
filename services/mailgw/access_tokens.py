"""Access tokens from a token endpoint, for a refresh token (OAuth2, RFC 6749 §6)."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from services.mailgw.errors import NoToken
from services.mailgw.refusals import said, without_secrets

TIMEOUT_SECONDS = 15.0
MOST_BYTES = 256 * 1024
USUAL_SECONDS = 3600.0  # where the endpoint does not say how long
LONGEST_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Grant:
    """Where tokens come from, and for whom and what."""

    token_url: str
    client_id: str
    scope: str = ""


@dataclass(frozen=True)
class Given:
    """A token, for how many seconds it is good, and the refresh token to use next, or ""."""

    access_token: str
    lasts_seconds: float
    refresh_token: str = ""


class _UsualAuthorities(HTTPAdapter):
    """Trusts whom the mail connections trust: also those of SSL_CERT_FILE, where it is set."""

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        named["ssl_context"] = ssl.create_default_context()
        super().init_poolmanager(*arguments, **named)


def request_token(grant: Grant, refresh_token: str, client_secret: str) -> Given:
    """Ask for a token by a form POST. Raises NoToken, in words and without secrets."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": grant.client_id,
    }
    if client_secret:
        form["client_secret"] = client_secret
    if grant.scope:
        form["scope"] = grant.scope
    host = urlsplit(grant.token_url).hostname
    try:
        status, answer = _post(grant.token_url, form)
    except requests.exceptions.SSLError:
        raise NoToken(f"{host}, which gives tokens, shows no certificate to trust") from None
    except requests.exceptions.Timeout:
        raise NoToken(f"{host}, which gives tokens, does not answer in time") from None
    except requests.exceptions.RequestException:
        raise NoToken(f"{host}, which gives tokens, cannot be reached") from None
    token = answer.get("access_token")
    if status != 200 or not isinstance(token, str) or not token or not _is_plain(token):
        parts = [answer.get("error"), answer.get("error_description")]
        why = ": ".join(said(part) for part in parts if isinstance(part, str) and part)
        why = without_secrets(why, refresh_token, client_secret)
        raise NoToken(f"{host} gives no token: {why or f'it answers {status}'}")
    following = answer.get("refresh_token")
    return Given(
        token, _seconds(answer.get("expires_in")), following if isinstance(following, str) else ""
    )


def _post(url: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """The status and the JSON object in the answer, {} where there is none."""
    session = requests.Session()
    session.mount("https://", _UsualAuthorities())
    session.trust_env = False  # no netrc: it would send another secret along
    # Where a redirection leads nobody has given the secrets for.
    with (
        session,
        session.post(
            url, data=form, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
        ) as response,
    ):
        text = response.raw.read(MOST_BYTES, decode_content=True)
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = {}
        return response.status_code, found if isinstance(found, dict) else {}


def _is_plain(token: str) -> bool:
    """RFC 6749 appendix A.12: a line break in it would end the command it is sent in."""
    return token.isascii() and token.isprintable()


def _seconds(value: Any) -> float:
    try:
        return min(max(0.0, float(value)), LONGEST_SECONDS)
    except (TypeError, ValueError):
        return USUAL_SECONDS

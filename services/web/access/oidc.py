"""Signing in at a provider of OpenID Connect: authorization code, PKCE (RFC 7636), state, nonce."""

from __future__ import annotations

from typing import Any

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask
from joserfc.errors import JoseError

from services.contracts.directory import User
from services.web.access.people import active_users_at
from services.web.settings import WebSettings
from services.web.wiring import Wiring

NAME = "provider"
TIMEOUT_SECONDS = 10.0
LEEWAY_SECONDS = 60
METADATA = "/.well-known/openid-configuration"


class SignInRefused(Exception):
    """What the provider answered signs nobody in; the message says why, for the log."""


class ProviderAway(Exception):
    """The provider cannot be reached, or does not answer as one."""


def install(app: Flask, settings: WebSettings) -> None:
    """Know the provider of the settings, if there is one; it is asked when somebody comes."""
    if not settings.web_oidc_issuer:
        return
    registry = OAuth(app)
    registry.register(
        NAME,
        client_id=settings.web_oidc_client_id,
        client_secret=settings.oidc_client_secret or None,
        server_metadata_url=settings.web_oidc_issuer + METADATA,
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
        },
    )


def way_to_provider(app: Flask, settings: WebSettings, answer_address: str) -> Any:
    """The answer that leads to the provider. Raises ProviderAway."""
    client = _client(app)
    try:
        _check_issuer(client, settings)
        return client.authorize_redirect(answer_address)
    except (requests.RequestException, ValueError, RuntimeError) as error:
        raise ProviderAway(str(error)) from error


def claims_of_answer(app: Flask, settings: WebSettings) -> dict[str, Any]:
    """What the provider vouches for, once all of it is checked.

    Raises SignInRefused for an answer that must not be believed, and ProviderAway.
    """
    client = _client(app)
    try:
        issuer = _check_issuer(client, settings)
        options = {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": settings.web_oidc_client_id},
        }
        token = client.authorize_access_token(claims_options=options, leeway=LEEWAY_SECONDS)
    except requests.RequestException as error:
        raise ProviderAway(str(error)) from error
    except (OAuthError, JoseError, ValueError) as error:
        raise SignInRefused(f"{type(error).__name__}: {error}") from error
    if not token.get("userinfo"):
        raise SignInRefused("there is no id_token in the answer")
    return dict(token["userinfo"])


def user_of_claims(wiring: Wiring, claims: dict[str, Any]) -> User:
    """The one active user with the mail address that the provider has verified.

    Raises SignInRefused.
    """
    address = str(claims.get("email") or "")
    if not address or claims.get("email_verified") is not True:
        raise SignInRefused("the provider has not verified a mail address of his")
    users = active_users_at(wiring, address)
    if len(users) != 1:
        raise SignInRefused(f"{len(users)} active users have this mail address")
    return users[0]


def _client(app: Flask) -> Any:
    registry = app.extensions.get("authlib.integrations.flask_client")
    client = registry.create_client(NAME) if registry is not None else None
    if client is None:
        raise ProviderAway("no provider is set (WEB_OIDC_ISSUER)")
    return client


def _check_issuer(client: Any, settings: WebSettings) -> str:
    """The issuer as its metadata spell it (OpenID Connect Discovery 1.0 §4.3)."""
    issuer = str(client.load_server_metadata().get("issuer", ""))
    if issuer.rstrip("/") != settings.web_oidc_issuer:
        raise ValueError(f"the metadata are of the issuer {issuer!r}, not of the one set")
    return issuer

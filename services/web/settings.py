"""The settings that only the web gateway reads."""

from __future__ import annotations

from typing import Annotated, Self
from urllib.parse import urlsplit

from limits import parse
from pydantic import Field, SecretStr, field_validator, model_validator

from services.runtime.setting_files import SECRET
from services.runtime.settings import Settings
from services.web.webhooks.addresses import Network, read_networks

ROLES = ("admin", "manager", "agent", "read-only")


class WebSettings(Settings):
    """Those of every service, and its own.

    `web_secret_key` signs sessions; empty, a key is kept in a file under `home`.
    `web_https` is for a gateway behind TLS: cookies are then sent over TLS only.
    `web_trusted_proxies` is how many proxies in front may name the client's address.
    `web_two_factor_for` lists the roles, with commas, that must have a second factor.
    With `web_oidc_issuer` people may sign in by OpenID Connect at that provider.
    `web_api_limit` is how often the API may be asked with one token, or from one address without.
    `web_webhook_networks` are networks with commas between to which webhooks may go, though they
    are not public; there http is allowed, too.
    """

    web_secret_key: Annotated[SecretStr | None, SECRET] = None
    web_https: bool = False
    web_trusted_proxies: int = Field(default=0, ge=0, le=10)
    web_api_limit: str = "30000 per minute"
    casewire_admin_password: Annotated[SecretStr | None, SECRET] = None
    web_two_factor_for: str = ""
    web_oidc_issuer: str = ""
    web_oidc_client_id: str = ""
    web_oidc_client_secret: Annotated[SecretStr | None, SECRET] = None
    web_oidc_name: str = "single sign-on"
    web_webhook_networks: str = ""

    @field_validator("web_two_factor_for")
    @classmethod
    def _check_roles(cls, roles: str) -> str:
        """A slip would leave out those it was meant for."""
        if unknown := set(_listed(roles)) - set(ROLES):
            raise ValueError(f"{', '.join(sorted(unknown))} is no role; take of {', '.join(ROLES)}")
        return roles

    @field_validator("web_oidc_issuer")
    @classmethod
    def _check_issuer(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if issuer and (not parts.hostname or parts.scheme != "https") and not local:
            raise ValueError("should be such as https://login.example.com")
        return issuer.rstrip("/")

    @field_validator("web_webhook_networks")
    @classmethod
    def _check_networks(cls, networks: str) -> str:
        try:
            read_networks(networks)
        except ValueError as error:
            raise ValueError("should be networks such as 10.1.0.0/16, fd00::/8") from error
        return networks

    @model_validator(mode="after")
    def _check_client(self) -> Self:
        if self.web_oidc_issuer and not self.web_oidc_client_id:
            raise ValueError("WEB_OIDC_CLIENT_ID is needed with WEB_OIDC_ISSUER")
        return self

    @property
    def two_factor_roles(self) -> frozenset[str]:
        """The roles that must have a second factor."""
        return frozenset(_listed(self.web_two_factor_for))

    @property
    def webhook_networks(self) -> tuple[Network, ...]:
        """The networks that webhooks may go to although they are not public."""
        return read_networks(self.web_webhook_networks)

    @property
    def oidc_client_secret(self) -> str:
        """The client secret; empty for a public client, which has none."""
        given = self.web_oidc_client_secret
        return given.get_secret_value() if given else ""

    @field_validator("web_api_limit")
    @classmethod
    def _check_limit(cls, limit: str) -> str:
        try:
            parse(limit)
        except ValueError as error:
            raise ValueError("should be such as 600 per minute") from error
        return limit


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]

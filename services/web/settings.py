"""The settings that only the web gateway reads."""

from __future__ import annotations

from limits import parse
from pydantic import Field, SecretStr, field_validator

from services.runtime.settings import Settings


class WebSettings(Settings):
    """Those of every service, and its own.

    `web_secret_key` signs sessions; empty, a key is kept in a file under `home`.
    `web_https` is for a gateway behind TLS: cookies are then sent over TLS only.
    `web_trusted_proxies` is how many proxies in front may name the client's address.
    `web_api_limit` is how often the API may be asked with one token, or from one address without.
    """

    web_secret_key: SecretStr | None = None
    web_https: bool = False
    web_trusted_proxies: int = Field(default=0, ge=0, le=10)
    web_api_limit: str = "30000 per minute"
    casewire_admin_password: SecretStr | None = None

    @field_validator("web_api_limit")
    @classmethod
    def _check_limit(cls, limit: str) -> str:
        try:
            parse(limit)
        except ValueError as error:
            raise ValueError("should be such as 600 per minute") from error
        return limit

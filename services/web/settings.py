"""The settings that only the web gateway reads."""

from __future__ import annotations

from pydantic import Field, SecretStr

from services.runtime.settings import Settings


class WebSettings(Settings):
    """Those of every service, and its own.

    `web_secret_key` signs sessions; empty, a key is kept in a file under `home`.
    `web_https` is for a gateway behind TLS: cookies are then sent over TLS only.
    `web_trusted_proxies` is how many proxies in front may name the client's address.
    """

    web_secret_key: SecretStr | None = None
    web_https: bool = False
    web_trusted_proxies: int = Field(default=0, ge=0, le=10)
    casewire_admin_password: SecretStr | None = None

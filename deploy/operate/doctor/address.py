"""Where people reach Casewire, and what a proxy in front needs to be told of."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from deploy.operate.doctor.finding import Finding, ok, warning
from services.web.settings import WebSettings

LOCAL = ("127.0.0.1", "localhost", "::1")


def check_address(settings: WebSettings) -> Iterator[Finding]:
    """The address that links in mails begin with, and cookies behind TLS."""
    address = urlsplit(settings.public_address)
    if address.hostname in LOCAL:
        cure = "set WEB_ADDRESS to where people reach it, unless all of them are on this machine"
        yield warning("web address", f"links in mails lead to {settings.public_address}", cure)
    else:
        yield ok("web address", settings.public_address)
    if address.scheme == "https" and not settings.web_https:
        cure = "set WEB_HTTPS=on, so that cookies never go over plain http"
        yield warning("cookies", "people come by https, and cookies would go by http too", cure)
    if address.scheme == "https" and not settings.web_trusted_proxies:
        cure = "set WEB_TRUSTED_PROXIES to how many proxies stand in front"
        yield warning("proxies", "everybody seems to come from the proxy's address", cure)

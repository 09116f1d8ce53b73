"""Where the services of this start listen."""

from __future__ import annotations

from deploy.local.databases import SERVICES
from deploy.local.readiness import Probe
from services.runtime.settings import Settings

PORT_SETTINGS = (
    "WEB_PORT",
    "WEB_MANAGEMENT_PORT",
    "CASES_PORT",
    "MAILGW_PORT",
    "RULES_PORT",
    "REPORTING_PORT",
)
EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}


def ports(settings: Settings) -> dict[str, int]:
    """Each port by the name of its setting."""
    return {name: int(getattr(settings, name.lower())) for name in PORT_SETTINGS}


def probes(settings: Settings) -> dict[str, Probe]:
    """What to ask before all is ready: each service's management port, and the pages."""
    host = _reachable(settings)
    found = {name: Probe(host, settings.management_port_for(name)) for name in SERVICES}
    return {**found, "web pages": Probe(host, settings.web_port, path="/")}


def web_address(settings: Settings) -> str:
    """The address for a browser on this machine."""
    host = _reachable(settings)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.web_port}/"


def _reachable(settings: Settings) -> str:
    """What is bound everywhere is asked on the loopback address."""
    return EVERYWHERE.get(settings.bind_address, settings.bind_address)

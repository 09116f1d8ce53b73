"""Each running service by its management port: ready or not, and what its clock says."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse

from deploy.operate.doctor.clocks import clock_finding
from deploy.operate.doctor.finding import Finding, ok, wrong
from deploy.operate.installation import SERVICES
from services.runtime.settings import Settings

ANSWER_SECONDS = 10
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def check_processes(settings: Settings, host: str | None) -> Iterator[Finding]:
    """Ask /readyz of every process that answers to each service's name."""
    pattern = host or ANYWHERE.get(settings.bind_address, settings.bind_address)
    for service in SERVICES:
        name = pattern.replace("{service}", service)
        port = settings.management_port_for(service)
        try:
            found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except OSError as error:
            cure = "correct --host (or BIND_ADDRESS), or start the service"
            yield wrong(f"service {service}", f"{name} is no host here: {error.strerror}", cure)
            continue
        for address in sorted({str(one[4][0]) for one in found}):
            yield from _check(service, address, port)


def _check(service: str, address: str, port: int) -> Iterator[Finding]:
    check = f"service {service}"
    connection = HTTPConnection(address, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        missing = _missing(answer)
    except (OSError, HTTPException, ValueError) as error:
        cure = f"start it (`python -m services.{service} run`), or read its log"
        yield wrong(check, f"it does not answer at {address} port {port}: {error}", cure)
        return
    finally:
        connection.close()
    if missing:
        yield wrong(check, f"it is not ready: {missing}", "see what is said of that above")
    else:
        yield ok(check, f"it is ready at {address} port {port}")
    if told := answer.headers.get("Date"):
        clock = clock_finding(f"clock of {service}", parsedate_to_datetime(told).astimezone(UTC))
        if clock.level != "ok":
            yield clock


def _missing(answer: HTTPResponse) -> str:
    """What it lacks. Raises ValueError for an answer of another program."""
    told = json.loads(answer.read(10_000))
    if not isinstance(told, dict) or "missing" not in told:
        raise ValueError("another program listens there")
    return "; ".join(map(str, dict(told["missing"]).values()))

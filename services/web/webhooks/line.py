"""The one connection of a delivery: to an allowed address only, and for a bounded time."""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import threading
from collections.abc import Sequence
from functools import cache
from ipaddress import ip_address
from time import monotonic
from typing import Any

from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from services.web.webhooks.addresses import Network, NotAllowed, check_reachable

CONNECT_SECONDS = 5.0
# In all, however slowly the receiver answers: less than a lease lasts.
WHOLE_SECONDS = 20.0


# It would log addresses, and there can be secrets in them.
logging.getLogger("urllib3").setLevel(logging.ERROR)


class OutOfTime(OSError):
    """The whole of a delivery has taken too long."""


class Line:
    """Opens to an allowed address only, and is cut when time is up.

    `refusal` says in words why it was not opened, where that was our decision.
    """

    def __init__(self, allowed: Sequence[Network]) -> None:
        self._allowed = allowed
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._until = monotonic() + WHOLE_SECONDS
        self.refusal = ""

    @property
    def is_over(self) -> bool:
        """Whether there is no time left."""
        return monotonic() >= self._until

    def open(self, host: str, port: int, scheme: str) -> socket.socket:
        """A connected socket. The addresses of the host are checked, and only these are used.

        A name that stands for another address a moment later (DNS rebinding) gains nothing.
        Raises OSError.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            self.refusal = "its host's name is not known"
            raise OSError(f"there is no host {host}") from error
        self._check([str(one[4][0]) for one in found], scheme)
        trouble = OSError(f"{host} has no address")
        for family, kind, protocol, _, place in found:
            if self.is_over:
                raise OutOfTime
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(CONNECT_SECONDS)
                self._keep(made)
                made.connect(place)
                return made
            except OSError as error:
                made.close()
                trouble = error
        raise trouble

    def cut(self) -> None:
        """End it; who reads from it gets an error."""
        with self._lock:
            kept, self._socket = self._socket, None
        if kept is not None:
            with contextlib.suppress(OSError):
                kept.shutdown(socket.SHUT_RDWR)
            kept.close()

    def _keep(self, made: socket.socket) -> None:
        # A socket of our own for the same connection: TLS takes the other one over.
        with self._lock:
            if self._socket is not None:
                self._socket.close()
            self._socket = made.dup()

    def _check(self, addresses: Sequence[str], scheme: str) -> None:
        """Every one: a host that has an inner address as well is not the internet's."""
        for address in addresses:
            try:
                check_reachable(ip_address(address.partition("%")[0]), scheme, self._allowed)
            except NotAllowed as error:
                self.refusal = str(error)
                raise OSError(str(error)) from error


@cache
def _usual_authorities() -> ssl.SSLContext:
    """One for all: reading the authorities takes longer than a delivery does."""
    context = ssl.create_default_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context


class GuardedAdapter(HTTPAdapter):
    """Connects by its line, and trusts the usual authorities, also those of SSL_CERT_FILE."""

    def __init__(self, line: Line) -> None:
        self._line = line
        super().__init__(max_retries=0)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """The context has them already; requests would read its own again each time."""
        conn.cert_reqs = "CERT_REQUIRED"

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """As requests makes it, with pools whose connections begin at the line."""
        named["ssl_context"] = _usual_authorities()
        super().init_poolmanager(*arguments, **named)
        line = self._line

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return line.open(self.host, self.port, "http")

        class Secured(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return line.open(self.host, self.port or 443, "https")

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecuredPool(HTTPSConnectionPool):
            ConnectionCls = Secured

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecuredPool}

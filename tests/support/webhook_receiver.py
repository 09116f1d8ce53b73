"""A receiver of webhooks: a real HTTP server that answers as it is told, and keeps what came."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Received"], int]


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: str
    at: float

    @property
    def id(self) -> str:
        """What a receiver knows a repeat by."""
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        """The body."""
        return dict(json.loads(self.body))

    def is_signed_by(self, secret: str) -> bool:
        """Checked as a receiver does, by nothing of ours."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.{self.body}"
        mac = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
        return f"v1,{mac}" in self.headers["webhook-signature"].split(" ")


@dataclass
class WebhookReceiver:
    """`answer` is called for each request, in its own thread, and answers the status.

    `extra` are headers of every answer. `at_once` is the most that were open at one moment.
    """

    answer: Answer = lambda _: 204
    extra: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    address: str = ""
    at_once: int = 0
    _open: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def ids(self) -> list[str]:
        """In the order in which they came."""
        return [one.id for one in self.received]

    def wait_for(self, count: int, seconds: float = 30.0) -> list[Received]:
        """Wait until so many have come."""
        until = time.monotonic() + seconds
        while len(self.received) < count:
            assert time.monotonic() < until, f"{len(self.received)} of {count} came in time"
            time.sleep(0.02)
        return list(self.received)

    def take(self, received: Received) -> int:
        """Keep it, then answer."""
        with self._lock:
            self.received.append(received)
            self._open += 1
            self.at_once = max(self.at_once, self._open)
        try:
            return self.answer(received)
        finally:
            with self._lock:
                self._open -= 1


@contextmanager
def receiving(answer: Answer = lambda _: 204) -> Iterator[WebhookReceiver]:
    """A receiver that listens on this machine."""
    receiver = WebhookReceiver(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = receiver.take(Received(self.path, headers, body, time.monotonic()))
            try:
                self.send_response(status)
                for name, value in {**receiver.extra, "Content-Length": "0"}.items():
                    self.send_header(name, value)
                self.end_headers()
            except OSError:
                return  # who asked has hung up

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: Any) -> None:
            """Who asked has hung up."""

    server = Server(("127.0.0.1", 0), Handler)
    receiver.address = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()

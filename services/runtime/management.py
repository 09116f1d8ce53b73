"""The management port: /metrics for Prometheus, /livez and /readyz for whoever supervises."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.runtime.health import Health


class PortTaken(Exception):
    """Another program listens on a port that a setting names."""


class ManagementServer:
    """Serves one process's metrics and health until stopped; green when patched."""

    def __init__(self, address: str, port: int, health: Health, setting: str) -> None:
        handler = type("Handler", (_Handler,), {"health": health})
        try:
            self._server = ThreadingHTTPServer((address, port), handler)
        except OSError as error:
            raise PortTaken(
                f"port {port} is taken ({error.strerror}); set {setting} to a free one"
            ) from error
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> None:
        """Begin answering."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    health: Health

    def do_GET(self) -> None:
        if self.path == "/metrics":
            self._answer(200, CONTENT_TYPE_LATEST, generate_latest())
        elif self.path == "/livez":
            self._answer(200, "text/plain", b"alive\n")
        elif self.path == "/readyz":
            missing = self.health.missing()
            body = json.dumps({"ready": not missing, "missing": missing}).encode()
            self._answer(503 if missing else 200, "application/json", body)
        else:
            self._answer(404, "text/plain", b"there are /metrics, /livez and /readyz\n")

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Probes come every few seconds; logging each would bury the rest."""

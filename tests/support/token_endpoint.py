"""A token endpoint of the tests' own (RFC 6749 §6), which also tells whose a token is."""

from __future__ import annotations

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

REFRESH_TOKEN = "R3fresh-token-of-tests"
CLIENT_SECRET = "Cl13nt-secret-of-tests"


class TokenEndpoint:
    """Gives a new access token for each request; `requests` are the forms that came.

    `answer` (status, body) is given instead where it is set. With `rotates` each answer brings a
    new refresh token, and the one before is void. With `certificate` (key.pem beside it) it
    speaks TLS.
    """

    def __init__(
        self, port: int = 0, login: str = "support", certificate: Path | None = None
    ) -> None:
        self.login = login
        self.requests: list[dict[str, str]] = []
        self.good: set[str] = set()
        self.answer: tuple[int, bytes] | None = None
        self.lasts_seconds = 3600
        self.rotates = False
        self.refresh_token = REFRESH_TOKEN
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(text).items()}
                self._say(*endpoint._token(form))

            def do_GET(self) -> None:
                token = parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]
                known = token in endpoint.good
                body = {"username": endpoint.login} if known else {"error": "invalid_token"}
                self._say(200 if known else 400, json.dumps(body).encode())

            def log_message(self, *arguments: Any) -> None:
                pass

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/token"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, certificate.with_name("key.pem"))
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self.url = self.url.replace("http://127.0.0.1", "https://localhost")
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Listen no longer."""
        self._server.shutdown()
        self._server.server_close()

    def account(self, **other: Any) -> dict[str, Any]:
        """The fields by which an account signs in with its tokens."""
        return {
            "sign_in": "oauth2",
            "login": self.login,
            "token_url": self.url,
            "client_id": "casewire",
            "client_secret": CLIENT_SECRET,
            "refresh_token": REFRESH_TOKEN,
            **other,
        }

    def _token(self, form: dict[str, str]) -> tuple[int, bytes]:
        self.requests.append(form)
        if self.answer is not None:
            return self.answer
        wanted = (self.refresh_token, CLIENT_SECRET, "refresh_token")
        given = tuple(form.get(n) for n in ("refresh_token", "client_secret", "grant_type"))
        if given != wanted:
            why = {"error": "invalid_grant", "error_description": f"not good: {given}"}
            return 400, json.dumps(why).encode()
        token = f"access-{len(self.requests)}-of-tests"
        self.good.add(token)
        body: dict[str, Any] = {"access_token": token, "expires_in": self.lasts_seconds}
        if self.rotates:
            self.refresh_token = f"{REFRESH_TOKEN}-{len(self.requests)}"
            body["refresh_token"] = self.refresh_token
        return 200, json.dumps(body).encode()

"""A provider of OpenID Connect of the tests' own: discovery, authorization, tokens, keys.

Whoever comes is its user at once, or (with `asks`) after a click on its page.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT_ID = "casewire"
CLIENT_SECRET = "Cl13nt-secret-of-tests"


class OidcProvider:
    """Listens on a port of its own while it runs.

    `claims` stand in each id_token beside or instead of the right ones, those that are None
    are left out. `key` signs, `shown_key` is the one it publishes. `requests` keeps what the
    authorization endpoint was asked.
    """

    def __init__(self, *, asks: bool = False) -> None:
        self.asks = asks
        self.claims: dict[str, Any] = {}
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.shown_key = self.key
        self.issuer_told = ""
        self.requests: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Listen no longer."""
        self._server.shutdown()
        self._server.server_close()

    def _app(self) -> Flask:
        app = Flask("oidc_provider")
        app.add_url_rule("/.well-known/openid-configuration", view_func=self._metadata)
        app.add_url_rule("/authorize", view_func=self._authorize)
        app.add_url_rule("/token", view_func=self._token, methods=["POST"])
        app.add_url_rule("/jwks", view_func=self._jwks)
        return app

    def _metadata(self) -> Response:
        return jsonify(
            issuer=self.issuer_told or self.issuer,
            authorization_endpoint=f"{self.issuer}/authorize",
            token_endpoint=f"{self.issuer}/token",
            jwks_uri=f"{self.issuer}/jwks",
            response_types_supported=["code"],
            subject_types_supported=["public"],
            id_token_signing_alg_values_supported=["RS256"],
            code_challenge_methods_supported=["S256"],
        )

    def _authorize(self) -> Any:
        asked = request.args.to_dict()
        if self.asks and "yes" not in asked:
            return f'<h1>Provider</h1><a href="/authorize?{urlencode({**asked, "yes": 1})}">Yes</a>'
        self.requests.append(asked)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return redirect(
            f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        )

    def _token(self) -> Any:
        form = request.form
        asked = self._codes.pop(form["code"], None)
        client = request.authorization
        if client is None or (client.username, client.password) != (CLIENT_ID, CLIENT_SECRET):
            return jsonify(error="invalid_client"), 401
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if asked is None or asked.get("code_challenge") != challenge:
            return jsonify(error="invalid_grant"), 400
        token = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer"}
        return jsonify(**token, expires_in=60, id_token=self._id_token(asked["nonce"]))

    def _id_token(self, nonce: str) -> str:
        moment = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "12345",
            "aud": CLIENT_ID,
            "iat": moment,
            "exp": moment + 300,
            "nonce": nonce,
            "email": "tom@ours.example",
            "email_verified": True,
            **self.claims,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return str(jwt.encode({"alg": "RS256", "kid": "one"}, kept, self.key))

    def _jwks(self) -> Response:
        return jsonify(keys=[self.shown_key.as_dict(private=False)])

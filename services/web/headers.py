"""The headers that every answer carries, so that a browser trusts nothing but ourselves."""

from __future__ import annotations

from flask import Flask, Response, request

STATIC_KEPT_SECONDS = 365 * 24 * 3600


def policy(pictures: str = "'self' data:", styles: str = "'self'", fonts: str = "'self'") -> str:
    """The Content-Security-Policy of a page whose pictures, styles and fonts are from there."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src {styles}",
            f"img-src {pictures}",
            f"font-src {fonts}",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


POLICY = policy()


def install(app: Flask, https: bool) -> None:
    """Add them to every answer of the app."""

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("Referrer-Policy", "same-origin")
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if https:
            headers["Strict-Transport-Security"] = f"max-age={STATIC_KEPT_SECONDS}"
        if request.endpoint == "static" and "v" in request.args:
            headers["Cache-Control"] = f"public, max-age={STATIC_KEPT_SECONDS}, immutable"
        elif request.endpoint != "static":
            headers["Cache-Control"] = "no-store"  # cases are nobody's business but the reader's
        return response

"""The span of each request, above those of what it asks of other services.

It says which route was asked and how it was answered: never an address, which may hold a token
or somebody's name, and nothing of who asked.
"""

from __future__ import annotations

from flask import Flask, Response, g, request

from services.messaging import open_spans
from services.messaging.spans import Value
from services.messaging.tracing import TRACING


def install(app: Flask) -> None:
    """Have a span for every request of the app but those for files of our own."""

    @app.before_request
    def begin() -> None:
        if TRACING.wanted and request.endpoint != "static":
            # A `traceparent` that comes along is a stranger's word: with it, anybody could write
            # into traces that are not his, or make all of his requests seem one.
            name, attributes = _named()
            g.span = open_spans.begin(name, "server", attributes)

    @app.after_request
    def answer(response: Response) -> Response:
        if "span" in g:
            g.span.attributes["http.response.status_code"] = response.status_code
        return response

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        span = g.pop("span", None)
        if span is not None:
            open_spans.leave()
            span.end(_failure(span.attributes.get("http.response.status_code"), error))


def _named() -> tuple[str, dict[str, Value]]:
    """A route's name for its span; a method that no route knows is whatever somebody wrote."""
    if request.url_rule is None:
        return "HTTP", {"http.request.method": "_OTHER"}
    route, method = request.url_rule.rule, request.method
    return f"{method} {route}", {"http.request.method": method, "http.route": route}


def _failure(status: int | None, error: BaseException | None) -> str:
    """What failed here; that a request was refused is its own matter."""
    if status is None:
        return type(error).__name__ if error else ""
    return str(status) if status >= 500 else ""

"""What the web gateway measures of itself."""

from __future__ import annotations

import time

from flask import Flask, Response, g, request
from prometheus_client import Gauge, Histogram

REQUEST_SECONDS = Histogram(
    "casewire_web_request_seconds",
    "Time to answer one request",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
LIVE_STREAMS = Gauge("casewire_web_live_streams", "Streams that keep open pages fresh")


def install(app: Flask) -> None:
    """Time every request of the app; by its route, not its address, or series would not end."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.url_rule else "any"
        seconds = time.perf_counter() - g.began
        REQUEST_SECONDS.labels(method, route, response.status_code).observe(seconds)
        return response

"""What the web gateway measures of itself."""

from __future__ import annotations

import time

from flask import Flask, Response, g, request
from prometheus_client import Counter, Gauge, Histogram

REQUEST_SECONDS = Histogram(
    "casewire_web_request_seconds",
    "Time to answer one request",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
LIVE_STREAMS = Gauge("casewire_web_live_streams", "Streams that keep open pages fresh")
WEBHOOKS_WAITING = Gauge("casewire_webhooks_waiting", "Deliveries to webhooks that wait")
WEBHOOKS_AGE = Gauge(
    "casewire_webhooks_oldest_age_seconds", "Age of the oldest delivery to a webhook that waits"
)
WEBHOOK_TRIES = Counter(
    "casewire_webhook_tries_total",
    "How tries to deliver to webhooks ended: delivered, failed, given_up, gone",
    ["outcome"],
)


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

"""How often the API may be asked: by token, and by address where no token proves who asks.

The answers say how much is left, by the fields of draft-ietf-httpapi-ratelimit-headers-10.
"""

from __future__ import annotations

import json
from time import time

from flask import Flask, Response, g, request, session
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from services.web.access.digest import digest
from services.web.access.gate import API, bearer_token
from services.web.errors import plain_problem

TOO_MANY = "Too many requests with tokens that are none; wait as long as Retry-After says."


def install(app: Flask, limit: str) -> None:
    """Count every request of the API, before anything is done for it.

    `limit` is such as "600 per minute". Counts are of this process, and begin anew with it.
    """
    limits = ApiLimits(parse(limit))
    app.before_request(limits.count)
    app.after_request(limits.tell)


class ApiLimits:
    """One limit, for each token and each address of its own."""

    def __init__(self, limit: RateLimitItem) -> None:
        self._limit = limit
        self._counts = FixedWindowRateLimiter(MemoryStorage())

    def count(self) -> None:
        """Raises TooManyRequests for one too many."""
        g.counted_as = None
        if not request.path.startswith(API):
            return
        g.counted_as = _who()
        if not self._counts.hit(self._limit, g.counted_as):
            raise TooManyRequests(retry_after=max(1, self._seconds_to_wait(g.counted_as)))

    def tell(self, response: Response) -> Response:
        """Say how much is left."""
        counted_as = g.get("counted_as")
        if counted_as is None:
            return response
        if response.status_code == 401 and counted_as != _address():
            # A token that is none counts for where it comes from: else each would begin anew.
            counted_as = _address()
            if not self._counts.hit(self._limit, counted_as):
                response = self._refusal(counted_as)
        left = self._counts.get_window_stats(self._limit, counted_as).remaining
        name = f'"{counted_as.partition(":")[0]}"'
        window = self._limit.get_expiry()
        response.headers["RateLimit-Policy"] = f"{name};q={self._limit.amount};w={window}"
        response.headers["RateLimit"] = f"{name};r={left};t={self._seconds_to_wait(counted_as)}"
        return response

    def _refusal(self, counted_as: str) -> Response:
        body, status, headers = plain_problem(429, "Too Many Requests", TOO_MANY)
        headers["Retry-After"] = str(max(1, self._seconds_to_wait(counted_as)))
        return Response(json.dumps(body), status, headers)

    def _seconds_to_wait(self, counted_as: str) -> int:
        ends_at = self._counts.get_window_stats(self._limit, counted_as).reset_time
        return max(0, round(ends_at - time()))


def _who() -> str:
    token = bearer_token()
    if token is not None:
        return f"token:{digest(token)}"
    signed_in = session.get("_user_id")
    return f"session:{signed_in}" if signed_in else _address()


def _address() -> str:
    return f"address:{get_remote_address()}"

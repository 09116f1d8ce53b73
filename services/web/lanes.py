"""Two lanes for requests: streams stay open for hours, all others want an answer now."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Lanes:
    """Lets so many requests through at a time, streams beside them.

    Each stream holds a thread of the server, so it has many; but as many requests at once
    would take as many connections, and signing in as many times the memory of one try.
    """

    def __init__(self, app: WSGIApplication, stream_path: str, most_requests: int) -> None:
        self._app = app
        self._stream_path = stream_path
        self._free = threading.BoundedSemaphore(most_requests)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        if environ.get("PATH_INFO") == self._stream_path:
            return self._app(environ, start_response)
        self._free.acquire()
        try:
            answer = self._app(environ, start_response)
        except BaseException:
            self._free.release()
            raise
        return ClosingIterator(answer, self._free.release)

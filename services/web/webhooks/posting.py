"""One POST to an address that an administrator set: bounded in time, size and where it may go."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta

import requests

from services.web.webhooks.addresses import Network
from services.web.webhooks.line import (
    CONNECT_SECONDS,
    WHOLE_SECONDS,
    GuardedAdapter,
    Line,
    OutOfTime,
)
from services.web.webhooks.outcome import Answered

READ_SECONDS = 10.0
MOST_ANSWER_BYTES = 16 * 1024
AGENT = "Casewire-Webhooks/1"
WORDS: dict[type[Exception], str] = {
    requests.exceptions.SSLError: "it shows no certificate to trust",
    requests.exceptions.ReadTimeout: f"it did not answer within {READ_SECONDS:g} seconds",
    requests.exceptions.InvalidURL: "its address cannot be used",
    UnicodeError: "its address cannot be used",
}
DEEPEST = 10  # errors behind an error


def post(
    address: str, body: bytes, headers: Mapping[str, str], allowed: Sequence[Network]
) -> Answered:
    """Post it once, without following where the answer leads; why it failed is told in words.

    `allowed` are networks that may be reached although they are not public.
    """
    line = Line(allowed)
    session = requests.Session()
    session.trust_env = False  # no proxy, which would look up names itself, and no netrc
    for scheme in ("http://", "https://"):
        session.mount(scheme, GuardedAdapter(line))
    watch = threading.Timer(WHOLE_SECONDS, line.cut)
    watch.daemon = True
    watch.start()
    try:
        with session, _sent(session, address, body, headers) as response:
            if line.is_over:
                raise OutOfTime  # what came of the answer was cut off in its head
            status, wait = response.status_code, _wait(response.headers.get("Retry-After"))
            with contextlib.suppress(Exception):  # what it says is of no use to us
                response.raw.read(MOST_ANSWER_BYTES)
        return Answered(status, wait=wait)
    except (requests.RequestException, OSError, UnicodeError) as error:
        return Answered(None, _words(error, line))
    finally:
        watch.cancel()
        line.cut()


def _sent(
    session: requests.Session, address: str, body: bytes, headers: Mapping[str, str]
) -> requests.Response:
    return session.post(
        address,
        data=body,
        headers={"User-Agent": AGENT, "Content-Type": "application/json", **headers},
        timeout=(CONNECT_SECONDS, READ_SECONDS),
        allow_redirects=False,
        stream=True,
    )


def _wait(given: str | None) -> timedelta | None:
    """Retry-After in seconds; as a date, which hardly anybody sends, it is passed over."""
    if given is None or not given.isascii() or not given.isdigit() or len(given) > 9:
        return None
    return timedelta(seconds=int(given))


def _words(error: Exception, line: Line) -> str:
    """Why, in words of ours: those of libraries hold whole addresses and objects."""
    if line.refusal:
        return line.refusal
    if line.is_over:
        return f"it did not answer within {WHOLE_SECONDS:g} seconds"
    for kind, words in WORDS.items():
        if isinstance(error, kind):
            return words
    if _is_timeout(error):
        return f"it took no connection within {CONNECT_SECONDS:g} seconds"
    return "it cannot be reached, or hung up without an answer"


def _is_timeout(error: BaseException | None) -> bool:
    seen = 0
    while error is not None and seen < DEEPEST:
        if isinstance(error, TimeoutError):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False

"""What the mail server that we trust wrote of a mail's sender (RFC 8601)."""

from __future__ import annotations

import re
from email.message import Message
from itertools import islice

from services.mailgw.incoming.headers import unfold

HEADER = "authentication-results"
MOST_HEADERS = 2_000
MOST_CHARACTERS = 4_000
_SERVER = re.compile(r"\s{0,50}([^\s;()\"]{1,255})")


def trusted_results(message: Message, host: str) -> tuple[str, ...]:
    """The values of the headers that `host` added when the mail came in, the topmost first.

    A server adds above what is there (§5), and a Received above all: what carries its name
    below the next Received was there before, written by the sender or on another journey. A
    value that is longer than any server writes is cut.
    """
    found: list[str] = []
    if not host:
        return ()
    for name, value in islice(message.raw_items(), MOST_HEADERS):
        lower = name.lower()
        if found and lower == "received":
            break
        if lower == HEADER:
            text = unfold(value)[: MOST_CHARACTERS + 1]
            if _is_by(text, host):
                found.append(text)
    return tuple(found)


def _is_by(value: str, host: str) -> bool:
    server = _SERVER.match(value)
    return server is not None and server[1].lower() == host.strip().lower()

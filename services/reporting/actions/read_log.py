"""Reading the event log of the cases service, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from services.contracts.envelope import Envelope
from services.contracts.errors import UnreadableMessage
from services.contracts.messages import read_message
from services.contracts.routes import ROUTES

PAGE = 500
HEARD = frozenset(ROUTES["casewire.reporting"])

# `read_events(after, limit)` of the cases service: {"items": [{"position", "type", "body"} …],
# "last": the position to go on behind, "end": that of the newest of all}.
ReadEvents = Callable[[int, int], dict[str, Any]]


@dataclass(frozen=True)
class LogPage:
    """The events of one page that concern reporting; what could not be read, and why.

    `share` of the log is read with this page, from 0 to 1.
    """

    messages: tuple[Envelope, ...]
    unreadable: tuple[str, ...]
    share: float


def read_log(read_events: ReadEvents) -> Iterator[LogPage]:
    """The log from its beginning to where it ends now."""
    after = 0
    while True:
        answer = read_events(after, PAGE)
        if not answer["items"]:
            return
        after = answer["last"]
        yield _page(answer["items"], after / max(after, answer.get("end", after)))


def _page(items: list[dict[str, Any]], share: float) -> LogPage:
    messages: list[Envelope] = []
    unreadable: list[str] = []
    for item in items:
        if item["type"] in HEARD:
            try:
                messages.append(read_message(item["type"], item["body"]))
            except UnreadableMessage as error:
                unreadable.append(f"position {item['position']}: {error}")
    return LogPage(tuple(messages), tuple(unreadable), share)

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
# "last": the position to go on behind}.
ReadEvents = Callable[[int, int], dict[str, Any]]


@dataclass(frozen=True)
class LogPage:
    """The events of one page that concern reporting; what could not be read, and why."""

    messages: tuple[Envelope, ...]
    unreadable: tuple[str, ...]


def read_log(read_events: ReadEvents) -> Iterator[LogPage]:
    """The log from its beginning to where it ends now."""
    after = 0
    while True:
        answer = read_events(after, PAGE)
        if not answer["items"]:
            return
        yield _page(answer["items"])
        after = answer["last"]


def _page(items: list[dict[str, Any]]) -> LogPage:
    messages: list[Envelope] = []
    unreadable: list[str] = []
    for item in items:
        if item["type"] in HEARD:
            try:
                messages.append(read_message(item["type"], item["body"]))
            except UnreadableMessage as error:
                unreadable.append(f"position {item['position']}: {error}")
    return LogPage(tuple(messages), tuple(unreadable))

"""The past of an older system is read from the event log of the cases service, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.contracts.cases import CaseEvent
from services.contracts.errors import UnreadableMessage
from services.contracts.messages import read_message
from services.contracts.routes import CASE_EVENTS
from services.messaging.transaction import Transactions
from services.rules import past_events
from services.rules.actions.tidy import KEPT
from services.rules.model.past import Following, PastEvent, past_event
from services.runtime.clock import now

PAGE = 500

# `read_events(after, limit)` of the cases service: {"items": [{"position", "type", "body"} …],
# "last": the position to go on behind}.
ReadEvents = Callable[[int, int], dict[str, Any]]
Progress = Callable[[int], None]


@dataclass
class Filled:
    """Events read and kept; those that could not be read, and why."""

    events: int
    unreadable: list[str]


def fill_history(
    transactions: Transactions, read_events: ReadEvents, progress: Progress = lambda _: None
) -> Filled:
    """Keep all events of the log that are young enough; the service may be running.

    What is kept already stays as it is, so it can be broken off and done again. Raises what
    `read_events` raises.
    """
    filled, following, since = Filled(0, []), Following({}), now() - KEPT
    for items in _pages(read_events):
        events = list(_events(items, filled))
        kept = _to_keep(events, following, since)
        with transactions.database.write() as connection:
            past_events.keep(connection, kept)
        filled.events += len(kept)
        progress(filled.events)
    return filled


def _pages(read_events: ReadEvents) -> Iterator[list[dict[str, Any]]]:
    after = 0
    while (answer := read_events(after, PAGE))["items"]:
        yield answer["items"]
        after = answer["last"]


def _events(items: list[dict[str, Any]], filled: Filled) -> Iterator[CaseEvent]:
    for item in items:
        if item["type"] not in CASE_EVENTS:
            continue
        try:
            message = read_message(item["type"], item["body"])
        except UnreadableMessage as error:
            filled.unreadable.append(f"position {item['position']}: {error}")
            continue
        if isinstance(message, CaseEvent):
            yield message


def _to_keep(
    events: list[CaseEvent], following: Following, since: datetime
) -> list[tuple[CaseEvent, PastEvent]]:
    """The log has the events of a case in their order, so each is followed from its beginning."""
    learned = [(event, past_event(event, following.learn(event))) for event in events]
    return [(event, past) for event, past in learned if event.occurred_at >= since]

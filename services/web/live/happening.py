"""Something that happened to a case, as open pages are told of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from services.contracts.cases import CaseEvent
from services.contracts.messages import read_message

# Fields whose change can take a case out of a calendar, though it has no start any more.
DATES = frozenset({"start", "duration_minutes", "all_day", "recurrence", "occurrences"})


def clock() -> int:
    """This moment in milliseconds since 1970, as pages and streams count it."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Happening:
    """A case event as it came from the bus; it is read once somebody is told of it.

    `at` is when this gateway heard of it, in milliseconds since 1970.
    """

    at: int
    type: str
    body: bytes

    @cached_property
    def event(self) -> CaseEvent:
        """The event. Raises UnreadableMessage."""
        event = read_message(self.type, self.body)
        assert isinstance(event, CaseEvent)
        return event

    @cached_property
    def told(self) -> dict[str, Any]:
        """What a page is told: no more than it takes to know whether to ask again."""
        event = self.event
        case, message = event.data.case, event.data.message
        return {
            "number": case.number,
            "version": event.version,
            "type": event.type,
            "what": message.kind if message else event.type.removeprefix("case."),
            "who": event.actor.name,
            "state": case.state,
            "kind": case.kind,
            "section_id": case.section.id if case.section else None,
            "dated": case.start is not None or any(c.field in DATES for c in event.data.changes),
        }

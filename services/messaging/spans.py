"""What a span says, before anything of OpenTelemetry is imported for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import randbits
from typing import Literal
from uuid import UUID

from services.runtime.identity import new_id

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")

Kind = Literal["client", "server", "producer", "consumer"]
Value = str | int | tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a span stands: the id of its trace (128 bits) and its own (64 bits); neither is 0."""

    trace_id: int
    span_id: int

    @property
    def traceparent(self) -> str:
        """The place as a header carries it (W3C Trace Context §3.2)."""
        return f"00-{self.trace_id:032x}-{self.span_id:016x}-01"


@dataclass(frozen=True)
class Span:
    """Something that was done: `begun_ns` is of time.time_ns, `error` is "" where it went well."""

    name: str
    kind: Kind
    place: Place
    parent: Place | None
    begun_ns: int
    attributes: Mapping[str, Value]
    error: str = ""
    links: tuple[Place, ...] = field(default=())


def new_place(parent: Place | None) -> Place:
    """A place below `parent`; without one, the first of a new trace."""
    trace_id = parent.trace_id if parent else UUID(new_id()).int
    return Place(trace_id, randbits(64) or 1)


def read_place(traceparent: object) -> Place | None:
    """The place that a header names; None for what is none, such as from an older version."""
    found = _TRACEPARENT.fullmatch(traceparent) if isinstance(traceparent, str) else None
    if found is None:
        return None
    place = Place(int(found[1], 16), int(found[2], 16))
    return place if place.trace_id and place.span_id else None

"""Spans of what is under way, and which of them a thread is about at present."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from time import time_ns

from services.contracts.envelope import Envelope
from services.messaging.spans import Kind, Place, Span, Value, new_place
from services.messaging.tracing import TRACING, place_of

MOST_LINKS = 100  # of a change of many cases; collectors drop what is more than 128


class OpenSpan:
    """A span that has begun; what is learned of it meanwhile goes into `attributes`."""

    def __init__(
        self, name: str, kind: Kind, attributes: dict[str, Value], parent: Place | None
    ) -> None:
        self.place = new_place(parent)
        self.attributes = attributes
        self._name, self._kind, self._parent = name, kind, parent
        self._begun_ns = time_ns()
        self._chains: list[Envelope] = []

    def began(self, message: Envelope) -> None:
        """A chain of messages began here, with this one."""
        TRACING.begun(message, self.place)
        if len(self._chains) < MOST_LINKS:
            self._chains.append(message)

    def end(self, error: str = "") -> None:
        """It is done, or failed with `error`: the name of an error, for its words may be mail."""
        if self._chains:
            self.attributes["casewire.correlation_ids"] = tuple(
                message.correlation_id for message in self._chains
            )
        TRACING.send(
            Span(
                name=self._name,
                kind=self._kind,
                place=self.place,
                parent=self._parent,
                begun_ns=self._begun_ns,
                attributes=self.attributes,
                error=error,
                links=tuple(place_of(message) for message in self._chains),
            )
        )


_present: ContextVar[OpenSpan | None] = ContextVar("open_span", default=None)


def begin(
    name: str, kind: Kind, attributes: dict[str, Value], parent: Place | None = None
) -> OpenSpan:
    """What this thread is about from now on, until `leave`."""
    span = OpenSpan(name, kind, attributes, parent)
    _present.set(span)
    return span


def present() -> OpenSpan | None:
    """What this thread is about, if it is known."""
    return _present.get()


def leave() -> None:
    """What this thread does from now on belongs to nothing."""
    _present.set(None)


def note_beginnings(messages: Sequence[Envelope]) -> None:
    """These were committed, each the first of its chain."""
    span = present()
    if span is not None:
        for message in messages:
            span.began(message)

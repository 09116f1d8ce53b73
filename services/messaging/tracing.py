"""Traces of messages across the bus, for OpenTelemetry, where an endpoint for them is set.

Nothing has to travel with a message: every service works out the same names by itself. A trace
has the id of the event with which its chain began, and a message's span is named after its id,
its parent after the message that led to it. So a span that comes late or twice finds its place.

A request has a trace of its own (see open_spans): its id is wanted before there is any event, and
one command may begin several chains. Both are linked instead, where the chain begins.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from time import time_ns
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.contracts.envelope import Envelope
from services.messaging.spans import Kind, Place, Span, Value
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import SpanContext

Export = Callable[["ReadableSpan"], None]

# Messages wait in the outbox for a moment only; where the relay is another process's, or stands
# still for long, a link is missing on their side and there on the other.
MOST_ORIGINS = 5000


class Tracing:
    """Hands spans to an exporter of its own thread; without one, does nothing."""

    def __init__(self) -> None:
        self._export: Export | None = None
        self._resource: Any = None
        self._close: Callable[[], None] = lambda: None
        self._origins: OrderedDict[str, Place] = OrderedDict()

    @property
    def wanted(self) -> bool:
        """Whether anybody looks at spans."""
        return self._export is not None

    def configure(self, settings: Settings, service: str) -> None:
        """Send spans to OTEL_EXPORTER_OTLP_ENDPOINT, by OTLP over HTTP, if it is set.

        The other OTEL_EXPORTER_OTLP_… variables (headers, certificates) are the exporter's own.
        """
        if not settings.otel_exporter_otlp_endpoint:
            return
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        endpoint = settings.otel_exporter_otlp_endpoint.rstrip("/")
        processor = BatchSpanProcessor(OTLPSpanExporter(f"{endpoint}/v1/traces"))
        self._resource = Resource.create({"service.name": f"casewire-{service}"})
        self._export, self._close = processor.on_end, processor.shutdown

    def close(self) -> None:
        """Send what is left."""
        self._close()
        self._export = None

    def begun(self, message: Envelope, origin: Place) -> None:
        """A chain begins with this message, in what was done there."""
        self._origins[message.id] = origin
        while len(self._origins) > MOST_ORIGINS:
            self._origins.popitem(last=False)

    def published(self, message: Envelope, begun_ns: int) -> None:
        """The message is with the broker, since `begun_ns` (of time.time_ns) on its way there."""
        if self.wanted:
            led_to_it = next((one.id for one in reversed(message.cause) if one.kind == "event"), "")
            parent = _place(message, led_to_it) if led_to_it else None
            origin = self._origins.pop(message.id, None)
            self.send(
                Span(
                    name=message.type,
                    kind="producer",
                    place=place_of(message),
                    parent=parent,
                    begun_ns=begun_ns,
                    attributes=_attributes(message),
                    links=(origin,) if origin else (),
                )
            )

    def handled(self, message: Envelope, queue: str, begun_ns: int, error: str = "") -> None:
        """The message took effect, or failed, in the batch that was begun at that moment."""
        if self.wanted:
            self.send(
                Span(
                    name=f"{queue} {message.type}",
                    kind="consumer",
                    place=_place(message, f"{queue} {message.id} {begun_ns}"),
                    parent=place_of(message),
                    begun_ns=begun_ns,
                    attributes=_attributes(message),
                    error=error,
                )
            )

    def send(self, span: Span) -> None:
        """Hand over a span that ends now, if anybody looks at spans."""
        if self._export is None:
            return
        from opentelemetry.sdk.trace import ReadableSpan
        from opentelemetry.trace import Link, Status, StatusCode

        self._export(
            ReadableSpan(
                name=span.name,
                context=_context(span.place),
                parent=_context(span.parent) if span.parent else None,
                resource=self._resource,
                attributes=span.attributes,
                links=[Link(_context(place)) for place in span.links],
                kind=_kind(span.kind),
                status=Status(StatusCode.ERROR, span.error) if span.error else Status(),
                start_time=span.begun_ns,
                end_time=max(span.begun_ns, time_ns()),
            )
        )


TRACING = Tracing()


def place_of(message: Envelope) -> Place:
    """Where the span of the message's publication stands."""
    return _place(message, message.id)


def _place(message: Envelope, name: str) -> Place:
    return Place(_trace_id(message.correlation_id), _span_id(name))


def _attributes(message: Envelope) -> dict[str, Value]:
    attributes: dict[str, Value] = {
        "messaging.system": "rabbitmq",
        "messaging.message.id": message.id,
        "casewire.type": message.type,
    }
    if message.case_id is not None:
        attributes["casewire.case"] = message.case_id
    return attributes


def _context(place: Place) -> SpanContext:
    from opentelemetry.trace import SpanContext, TraceFlags

    return SpanContext(
        trace_id=place.trace_id,
        span_id=place.span_id,
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )


def _kind(kind: Kind) -> Any:
    from opentelemetry.trace import SpanKind

    return SpanKind[kind.upper()]


def _trace_id(correlation_id: str) -> int:
    """The id itself, so that it can be looked for as it stands in a log; else made of it."""
    try:
        return UUID(correlation_id).int
    except ValueError:
        return int.from_bytes(blake2b(correlation_id.encode(), digest_size=16).digest())


def _span_id(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest())

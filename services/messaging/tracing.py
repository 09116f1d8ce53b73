"""Traces of messages across the bus, for OpenTelemetry, where an endpoint for them is set.

Nothing has to travel with a message: every service works out the same names by itself. A trace
has the id of the event with which its chain began, and a message's span is named after its id,
its parent after the message that led to it. So a span that comes late or twice finds its place.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from time import time_ns
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.contracts.envelope import Envelope
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import SpanContext, SpanKind

Export = Callable[["ReadableSpan"], None]


class Tracing:
    """Hands spans to an exporter of its own thread; without one, does nothing."""

    def __init__(self) -> None:
        self._export: Export | None = None
        self._resource: Any = None
        self._close: Callable[[], None] = lambda: None

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

    def published(self, message: Envelope, begun_ns: int) -> None:
        """The message is with the broker, since `begun_ns` (of time.time_ns) on its way there."""
        if self.wanted:
            from opentelemetry.trace import SpanKind

            led_to_it = next((one.id for one in reversed(message.cause) if one.kind == "event"), "")
            context = _context(message, _span_id(message.id))
            parent = _context(message, _span_id(led_to_it)) if led_to_it else None
            self._span(
                message,
                name=message.type,
                kind=SpanKind.PRODUCER,
                context=context,
                parent=parent,
                begun_ns=begun_ns,
            )

    def handled(self, message: Envelope, queue: str, begun_ns: int, error: str = "") -> None:
        """The message took effect, or failed, in the batch that was begun at that moment."""
        if self.wanted:
            from opentelemetry.trace import SpanKind

            self._span(
                message,
                name=f"{queue} {message.type}",
                kind=SpanKind.CONSUMER,
                context=_context(message, _span_id(f"{queue} {message.id} {begun_ns}")),
                parent=_context(message, _span_id(message.id)),
                begun_ns=begun_ns,
                error=error,
            )

    def _span(
        self,
        message: Envelope,
        *,
        name: str,
        kind: SpanKind,
        context: SpanContext,
        parent: SpanContext | None,
        begun_ns: int,
        error: str = "",
    ) -> None:
        from opentelemetry.sdk.trace import ReadableSpan
        from opentelemetry.trace import Status, StatusCode

        attributes: dict[str, str | int] = {
            "messaging.system": "rabbitmq",
            "messaging.message.id": message.id,
            "casewire.type": message.type,
        }
        if message.case_id is not None:
            attributes["casewire.case"] = message.case_id
        assert self._export is not None
        self._export(
            ReadableSpan(
                name=name,
                context=context,
                parent=parent,
                resource=self._resource,
                attributes=attributes,
                kind=kind,
                status=Status(StatusCode.ERROR, error) if error else Status(),
                start_time=begun_ns,
                end_time=max(begun_ns, time_ns()),
            )
        )


TRACING = Tracing()


def _context(message: Envelope, span_id: int) -> SpanContext:
    from opentelemetry.trace import SpanContext, TraceFlags

    return SpanContext(
        trace_id=_trace_id(message.correlation_id),
        span_id=span_id,
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )


def _trace_id(correlation_id: str) -> int:
    """The id itself, so that it can be looked for as it stands in a log; else made of it."""
    try:
        return UUID(correlation_id).int
    except ValueError:
        return int.from_bytes(blake2b(correlation_id.encode(), digest_size=16).digest())


def _span_id(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest())

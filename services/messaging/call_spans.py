"""Spans of calls by RPC: one of whoever asks, and one of the worker that carries it out.

The place of the first travels in a header of the call (`nameko.traceparent`), which an older
version neither sends nor reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nameko.exceptions import RemoteError

from services.contracts.errors import CROSSING
from services.messaging.open_spans import OpenSpan, begin, leave, present
from services.messaging.spans import Value, read_place
from services.messaging.tracing import TRACING

HEADER = "traceparent"


@contextmanager
def asking(service: str, method: str) -> Iterator[dict[str, str]]:
    """The span of one call, around it; gives what the call has to carry as context data."""
    if not TRACING.wanted:
        yield {}
        return
    above = present()
    attributes, parent = _rpc(service, method), above.place if above else None
    span = OpenSpan(f"{service}.{method}", "client", attributes, parent)
    try:
        yield {HEADER: span.place.traceparent}
    except BaseException as error:
        _end(span, error)
        raise
    _end(span, None)


def begin_answering(service: str, method: str, context_data: Mapping[str, Any]) -> None:
    """The present worker carries out a call that came with this context data."""
    if TRACING.wanted:
        parent = read_place(context_data.get(HEADER))
        begin(f"{service}.{method}", "server", _rpc(service, method), parent)


def end_answering(error: BaseException | None) -> None:
    """The present worker has its answer, or failed."""
    span = present()
    if span is not None:
        leave()
        _end(span, error)


def _rpc(service: str, method: str) -> dict[str, Value]:
    return {"rpc.system": "nameko", "rpc.service": service, "rpc.method": method}


def _end(span: OpenSpan, error: BaseException | None) -> None:
    """An error that callers are meant to be told of is an answer, and noted as one."""
    if error is None:
        span.end()
        return
    name = error.exc_type if isinstance(error, RemoteError) else type(error).__name__
    span.attributes["error.type"] = name
    span.end("" if isinstance(error, CROSSING) else name)

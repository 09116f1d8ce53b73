"""O1: a call from service to service is seen as it was asked, and as it was carried out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from time import time_ns

import pytest
from nameko.exceptions import RemoteError
from nameko.standalone.rpc import ClusterRpcProxy
from support.broker import BrokerServer
from support.system import ROOT, wait_for
from support.trace_collector import Span, TraceCollector

from services.contracts.errors import ServiceAway, StaleVersion
from services.messaging import open_spans
from services.messaging.rpc_client import RpcClient
from services.messaging.tracing import TRACING
from services.runtime.settings import Settings


class Seen:
    """The spans of what this test did: those of one before may still come in."""

    def __init__(self, collector: TraceCollector) -> None:
        self._collector, self._since = collector, time_ns()

    @property
    def spans(self) -> list[Span]:
        return [span for span in self._collector.spans if span.begun >= self._since]


@pytest.fixture(scope="module")
def collector() -> Iterator[TraceCollector]:
    made = TraceCollector()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def client(
    broker: BrokerServer, collector: TraceCollector, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RpcClient]:
    """Asks the recording service; both send their spans at once, as far as this can be told."""
    sending = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "50",  # milliseconds
    }
    database = tmp_path_factory.mktemp("spans") / "recording.sqlite3"
    process = subprocess.Popen(
        [sys.executable, "-m", "support.recording_service", str(database), broker.uri],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
            **sending,
        },
    )
    made = RpcClient(broker.uri, timeout_seconds=5)
    wait_for(lambda: _ticks(made), "the recording service", 30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        TRACING.configure(Settings(otel_exporter_otlp_endpoint=collector.endpoint), "asking")
    yield made
    TRACING.close()
    made.close()
    process.terminate()
    assert process.wait(30) == 0


@pytest.fixture
def seen(client: RpcClient, collector: TraceCollector) -> Seen:
    return Seen(collector)


def test_O1_a_call_has_a_span_on_either_side(client: RpcClient, seen: Seen) -> None:
    client.call("recording", "ticks")
    asked, answered = _pair(seen, "ticks")
    assert (asked.service, answered.service) == ("casewire-asking", "casewire-recording")
    assert asked.parent == "" and answered.parent == asked.id
    assert answered.trace == asked.trace
    assert asked.begun <= answered.begun <= answered.ended
    expected = {"rpc.system": "nameko", "rpc.service": "recording", "rpc.method": "ticks"}
    assert asked.attributes == answered.attributes == expected
    assert asked.error == answered.error == ""


def test_O1_calls_stand_below_what_was_under_way(client: RpcClient, seen: Seen) -> None:
    span = open_spans.begin("GET /somewhere", "server", {})
    client.call("recording", "ticks")
    client.call("recording", "answer_as_before")
    open_spans.leave()
    span.end()
    client.call("recording", "change_users", logins=[])
    above = _one(seen, "GET /somewhere", "server")
    first = _one(seen, "recording.ticks", "client")
    second = _one(seen, "recording.answer_as_before", "client")
    apart = _one(seen, "recording.change_users", "client")
    assert first.parent == second.parent == above.id and apart.parent == ""
    assert first.trace == second.trace == above.trace != apart.trace
    assert len({first.id, second.id, above.id}) == 3


def test_O1_an_error_that_is_an_answer_is_noted_as_one(client: RpcClient, seen: Seen) -> None:
    with pytest.raises(StaleVersion):
        client.call("recording", "conflict")
    for span in _pair(seen, "conflict"):
        assert (span.error, span.attributes["error.type"]) == ("", "StaleVersion")


def test_O1_what_is_broken_is_an_error_on_either_side(client: RpcClient, seen: Seen) -> None:
    with pytest.raises(RemoteError):
        client.call("recording", "sleep", seconds="no number")
    for span in _pair(seen, "sleep"):
        assert span.error == span.attributes["error.type"] == "TypeError"
        assert "no number" not in str(span)


def test_O1_a_deadline_that_passed_is_an_error_of_who_asked_alone(
    client: RpcClient, seen: Seen, broker: BrokerServer
) -> None:
    hasty = RpcClient(broker.uri, timeout_seconds=0.3)
    with pytest.raises(ServiceAway):
        hasty.call("recording", "sleep", seconds=1)
    hasty.call("recording", "ticks")
    hasty.close()
    asked, answered = _pair(seen, "sleep")
    assert asked.error == asked.attributes["error.type"] == "ServiceAway"
    assert answered.error == "" and answered.parent == asked.id
    assert answered.ended > asked.ended
    next_asked, next_answered = _pair(seen, "ticks")
    assert next_answered.parent == next_asked.id and next_asked.trace != asked.trace


def test_O1_a_call_and_the_chains_that_it_began_are_linked_both_ways(
    client: RpcClient, seen: Seen
) -> None:
    begun = client.call("recording", "change_users", logins=["ann", "bob"])
    _, answered = _pair(seen, "change_users")
    assert answered.attributes["casewire.correlation_ids"] == begun

    def published() -> list[Span]:
        return [span for span in seen.spans if span.name == "user.changed"]

    first, second = wait_for(lambda: published()[1:] and published(), "both published", 20)
    assert answered.links == [(first.trace, first.id), (second.trace, second.id)]
    assert [first.trace, second.trace] == [id.replace("-", "") for id in begun]
    assert first.links == second.links == [(answered.trace, answered.id)]
    handled = wait_for(
        lambda: [span for span in seen.spans if span.parent == second.id], "it handled", 20
    )
    assert handled[0].trace == second.trace


def test_O1_who_knows_nothing_of_traces_is_answered(
    client: RpcClient, seen: Seen, broker: BrokerServer
) -> None:
    with ClusterRpcProxy({"AMQP_URI": broker.uri}, timeout=5) as as_before:
        assert as_before.recording.ticks() > 0
    assert _one(seen, "recording.ticks", "server").parent == ""


def test_O1_who_knows_nothing_of_traces_can_be_asked(client: RpcClient, seen: Seen) -> None:
    assert client.call("recording", "answer_as_before") == "answered"
    assert _one(seen, "recording.answer_as_before", "client").error == ""
    client.call("recording", "ticks")
    _pair(seen, "ticks")  # sent later by the same service, so the other would be there
    assert not [one for one in seen.spans if one.name.endswith("before") if one.kind == "server"]


def _ticks(client: RpcClient) -> bool:
    try:
        return bool(client.call("recording", "ticks"))
    except ServiceAway:
        return False


def _pair(seen: Seen, method: str) -> tuple[Span, Span]:
    """The spans of the one call of this method: as asked, and as answered."""
    name = f"recording.{method}"
    return _one(seen, name, "client"), _one(seen, name, "server")


def _one(seen: Seen, name: str, kind: str) -> Span:
    def found() -> list[Span]:
        return [span for span in seen.spans if (span.name, span.kind) == (name, kind)]

    (span,) = wait_for(found, f"{name} ({kind})", 20)
    return span

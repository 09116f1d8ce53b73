"""O1: from what somebody asked over the API to the report that counts it, span by span."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.system import RunningSystem, wait_for
from support.trace_collector import Span, TraceCollector

ROUTE = "POST /api/v1/cases"


@pytest.fixture
def collector() -> Iterator[TraceCollector]:
    made = TraceCollector()
    yield made
    made.stop()


@pytest.fixture
def system(own_broker: str, tmp_path: Path, collector: TraceCollector) -> Iterator[RunningSystem]:
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "200",  # milliseconds
    }
    with RunningSystem(tmp_path / "home", own_broker, **settings).running() as made:
        yield made


def test_O1_a_request_leads_to_the_report_that_counts_its_case(
    system: RunningSystem, collector: TraceCollector
) -> None:
    made = system.api().post(
        "/cases", subject="A secret subject", description="Nobody else reads this."
    )

    request = _wait_for(collector, ROUTE)
    assert (request.service, request.kind, request.parent) == ("casewire-web", "server", "")
    assert request.attributes == {
        "http.request.method": "POST",
        "http.route": "/api/v1/cases",
        "http.response.status_code": 201,
    }
    asked = _wait_for(collector, "cases.create_case", "client")
    answered = _wait_for(collector, "cases.create_case", "server")
    assert (asked.service, answered.service) == ("casewire-web", "casewire-cases")
    assert asked.trace == answered.trace == request.trace
    assert (answered.parent, asked.parent) == (asked.id, request.id)

    published = _wait_for(collector, "case.created")
    assert (published.trace, published.id) in answered.links
    assert published.links == [(answered.trace, answered.id)]
    counted = _wait_for(collector, "casewire.reporting case.created")
    assert (counted.trace, counted.parent) == (published.trace, published.id)
    assert published.attributes["casewire.case"] == made["number"]
    assert published.trace in [
        id.replace("-", "") for id in answered.attributes["casewire.correlation_ids"]
    ]
    assert "secret" not in str(collector.spans) and "Nobody" not in str(collector.spans)


def _wait_for(collector: TraceCollector, name: str, kind: str = "") -> Span:
    """The one span of this name, and of this kind if one is given."""

    def found() -> list[Span]:
        return [one for one in collector.spans if one.name == name and one.kind.startswith(kind)]

    (span,) = wait_for(found, name, 30)
    return span

"""The service as a process: from the bus into the facts, and out by RPC and metrics."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from integration.reporting.case_stream import a_case, event_of
from support.system import RunningSystem, wait_for

from services.contracts.envelope import Envelope
from services.contracts.errors import InvalidRequest
from services.contracts.reports import Report
from services.messaging.dead_letters import DeadLetters
from services.messaging.publisher import Outgoing, Publisher
from services.messaging.rpc_client import RpcClient


@pytest.fixture(scope="module")
def system(own_broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """Of the whole system only this service."""
    running = RunningSystem(
        tmp_path_factory.mktemp("reporting"), own_broker, RPC_TIMEOUT_SECONDS="1"
    )
    running.run_module("services.reporting", "migrate")
    running.start_service("reporting")
    running.wait_until_ready("reporting")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def client(own_broker: str, system: RunningSystem) -> Iterator[RpcClient]:
    made = RpcClient(own_broker, timeout_seconds=10)
    yield made
    made.close()


def send(uri: str, events: list[Envelope]) -> None:
    publisher = Publisher(uri)
    publisher.publish([Outgoing(event.id, event.type, event.model_dump_json()) for event in events])
    publisher.close()


def asked(client: RpcClient, **question: object) -> Report:
    return Report.model_validate(client.call("reporting", "report", question=question))


def test_R1_what_the_bus_tells_is_in_the_report_and_the_metrics(
    system: RunningSystem, client: RpcClient, own_broker: str
) -> None:
    cases = [a_case(number, estimated_revenue=Decimal("1.10")) for number in range(101, 351)]
    bad = event_of(a_case(666, estimated_revenue=Decimal("1e30")))
    done = [a_case(number, version=2, state="done") for number in range(101, 151)]
    send(own_broker, [event_of(case) for case in [*done, *cases]] + [bad])
    wait_for(lambda: asked(client, by=["state"]).as_of == 250 + 50, "the last event")
    answer = asked(client, by=["month", "state"], time_zone="Europe/Brussels")
    found = [(row.month, row.state, row.count, row.estimated_revenue) for row in answer.rows]
    assert found == [("2026-07", "open", 200, Decimal(220)), ("2026-07", "done", 50, Decimal(0))]
    counted = system.metric("reporting", "casewire_reporting_events_total")
    assert counted == 300
    wait_for(lambda: system.metric("reporting", "casewire_open_cases") == 200, "the gauge")
    assert system.metric("reporting", "casewire_messages_retried_total") >= 1
    assert DeadLetters(own_broker, "reporting").show() == []


def test_R2_a_wrong_question_is_answered_with_what_to_do(client: RpcClient) -> None:
    with pytest.raises(InvalidRequest) as raised:
        asked(client, by=["colour"])
    assert raised.value.field == "by.0" and "month" in raised.value.what_to_do
    with pytest.raises(InvalidRequest, match="give a name like Europe/Brussels"):
        asked(client, time_zone="Mars/Base")


def test_R1_a_rebuild_without_the_cases_service_says_so_and_changes_nothing(
    system: RunningSystem, client: RpcClient
) -> None:
    before = asked(client)
    done = subprocess.run(
        [sys.executable, "-m", "services.reporting", "rebuild"],
        cwd=Path(__file__).parents[3],
        env=system.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert re.search("cases service did not answer .*the facts are as they were", done.stderr)
    assert asked(client) == before

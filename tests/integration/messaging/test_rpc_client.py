"""Asking a real service: its answers, its errors, and its silence."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from nameko.exceptions import RemoteError
from prometheus_client import REGISTRY
from support.broker import BrokerServer
from support.ports import free_port

from services.contracts.errors import ServiceAway, StaleVersion
from services.messaging.broker_check import broker_check
from services.messaging.rpc_client import RpcClient

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def service(
    broker: BrokerServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[subprocess.Popen[bytes]]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    database = tmp_path_factory.mktemp("rpc") / "recording.sqlite3"
    process = subprocess.Popen(
        [sys.executable, "-m", "support.recording_service", str(database), broker.uri],
        env={**os.environ, "PYTHONPATH": path},
    )
    yield process
    process.terminate()
    assert process.wait(30) == 0


@pytest.fixture
def client(broker: BrokerServer, service: subprocess.Popen[bytes]) -> Iterator[RpcClient]:
    made = RpcClient(broker.uri, timeout_seconds=3)
    deadline = time.monotonic() + 20
    while True:
        try:
            made.call("recording", "ticks")
            break
        except ServiceAway:
            assert time.monotonic() < deadline
            time.sleep(0.2)
    yield made
    made.close()


def test_an_error_arrives_as_it_was_raised(client: RpcClient) -> None:
    with pytest.raises(StaleVersion) as raised:
        client.call("recording", "conflict")
    assert (raised.value.expected, raised.value.current) == (3, 5)


def test_O1_questions_are_timed_and_those_without_an_answer_counted(
    client: RpcClient, broker: BrokerServer
) -> None:
    def sample(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, {"asked": "recording", **labels}) or 0

    seconds, failures = "casewire_rpc_seconds_count", "casewire_rpc_failures_total"
    asked = sample(seconds, method="ticks")
    away, broken = sample(failures, reason="away"), sample(failures, reason="broken")
    client.call("recording", "ticks")
    assert sample(seconds, method="ticks") == asked + 1
    with pytest.raises(StaleVersion):
        client.call("recording", "conflict")  # an answer
    assert sample(failures, reason="away") == away
    with pytest.raises(RemoteError):
        client.call("recording", "sleep", seconds="no number")
    assert sample(failures, reason="broken") == broken + 1
    hasty = RpcClient(broker.uri, timeout_seconds=0.3)
    with pytest.raises(ServiceAway):
        hasty.call("recording", "sleep", seconds=2)
    hasty.close()
    assert sample(failures, reason="away") == away + 1


def test_timed_work_comes_round_after_a_failed_run(client: RpcClient) -> None:
    deadline = time.monotonic() + 10
    while client.call("recording", "ticks") < 5:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_many_threads_ask_at_once(client: RpcClient) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client.call("recording", "ticks"), range(80)))
    assert len(answers) == 80 and all(isinstance(answer, int) for answer in answers)


def test_silence_ends_at_the_deadline_and_the_next_question_is_answered(
    client: RpcClient, broker: BrokerServer
) -> None:
    hasty = RpcClient(broker.uri, timeout_seconds=0.5)
    with pytest.raises(ServiceAway, match="recording service did not answer within"):
        hasty.call("recording", "sleep", seconds=2)
    assert hasty.call("recording", "ticks") > 0
    hasty.close()


def test_a_service_or_broker_that_is_not_there_is_away(broker: BrokerServer) -> None:
    with pytest.raises(ServiceAway):
        RpcClient(broker.uri, timeout_seconds=1).call("nobody", "anything")
    nowhere = f"amqp://guest:secret@127.0.0.1:{free_port()}//"
    with pytest.raises(ServiceAway):
        RpcClient(nowhere, timeout_seconds=1).call("cases", "get_case", number=101)
    sentence = broker_check(nowhere)()
    assert sentence is not None and "broker does not answer" in sentence
    assert "secret" not in sentence
    assert broker_check(broker.uri)() is None

"""A service as a process: it finishes what is in hand before it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from support.broker import BrokerServer
from support.ports import free_port

ROOT = Path(__file__).parents[3]
SERVICE = """
from services.runtime.green import patch
patch()
import time
from nameko.rpc import rpc
from services.messaging.periodic import every
from services.runtime.health import Health
from services.runtime.process import run_service
from services.runtime.settings import Settings

class Service:
    name = "cases"

    @rpc
    def ask(self):
        return 1

    @every(seconds=lambda: 0.0)
    def work(self):
        print("begun", flush=True)
        until = time.monotonic() + 0.5
        while time.monotonic() < until:  # busy, so that a signal finds this code running
            if time.monotonic() % 0.1 < 0.001:
                time.sleep(0)
        print("finished", flush=True)

run_service(Service, Settings.load(), "cases", Health())
"""


class ServiceProcess:
    """The process, and what it has said so far."""

    def __init__(self, folder: Path, amqp_uri: str, port: int) -> None:
        self.port = port
        self._output = folder / "output"
        environment = {**os.environ, "AMQP_URI": amqp_uri, "CASES_PORT": str(port)}
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVICE],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self._output.read_text()

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/livez")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@pytest.fixture
def service(tmp_path: Path, broker: BrokerServer) -> Iterator[ServiceProcess]:
    made = ServiceProcess(tmp_path, broker.uri, free_port())
    yield made
    made.process.kill()
    made.process.wait(10)


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_service_finishes_what_it_has_begun(
    service: ServiceProcess, number: signal.Signals
) -> None:
    wait_until(lambda: service.said().count("begun") >= 2)
    service.process.send_signal(number)
    assert service.process.wait(20) == 0
    said = service.said()
    assert said.count("finished") == said.count("begun")
    assert "Traceback" not in said
    assert '"event": "stopped"' in said.splitlines()[-1]


def test_it_shows_its_health_while_it_runs_and_frees_the_port(service: ServiceProcess) -> None:
    wait_until(service.answers)
    service.process.terminate()
    assert service.process.wait(20) == 0
    assert not service.answers()


def test_stopped_while_it_starts_it_leaves_no_traceback(service: ServiceProcess) -> None:
    wait_until(lambda: '"event": "starting"' in service.said())
    service.process.terminate()
    assert service.process.wait(20) == 0
    assert "Traceback" not in service.said()


def test_a_taken_port_ends_it_with_one_sentence(
    service: ServiceProcess, tmp_path: Path, broker: BrokerServer
) -> None:
    wait_until(service.answers)
    (tmp_path / "second").mkdir()
    second = ServiceProcess(tmp_path / "second", broker.uri, service.port)
    assert second.process.wait(30) == 1
    assert second.said().startswith(f"cases: port {service.port} is taken ")
    assert second.said().count("\n") == 1


def test_without_a_broker_it_waits_and_can_be_stopped(tmp_path: Path) -> None:
    uri = f"amqp://guest:guest@127.0.0.1:{free_port()}/"
    alone = ServiceProcess(tmp_path, uri, free_port())
    try:
        wait_until(lambda: "Error connecting to broker" in alone.said())
        assert alone.process.poll() is None
        alone.process.terminate()
        assert alone.process.wait(40) == 0
    finally:
        alone.process.kill()

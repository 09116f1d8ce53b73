"""The start of the whole, as `make run` does it: real broker, real services, real signals."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import inspect, text
from support.broker import BrokerServer
from support.ports import free_port
from support.postgresql import PostgresqlServer

from services.runtime.database import Database
from services.runtime.identity import new_id

ROOT = Path(__file__).parents[3]
PORTS = ("WEB_PORT", "WEB_MANAGEMENT_PORT", "CASES_PORT", "MAILGW_PORT", "RULES_PORT")
UNSET = ("AMQP_URI", "BROKER_PORT", "DATABASE_URL", "CASEWIRE_ADMIN_PASSWORD", "BIND_ADDRESS")


class LocalStart:
    """`deploy/local/run.sh` on a home and ports of its own."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        ports = {name: str(free_port()) for name in (*PORTS, "REPORTING_PORT")}
        inherited = {name: value for name, value in os.environ.items() if name not in UNSET}
        self.environment = {**inherited, "CASEWIRE_HOME": str(home), **ports, **settings}
        self.process: subprocess.Popen[bytes] | None = None
        self._output = home.with_name(f"{home.name}.{id(self)}.output")

    def run(self) -> None:
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [ROOT / "deploy" / "local" / "run.sh"],
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run_until_ready(self) -> None:
        self.run()
        wait_until(lambda: "Ctrl-C stops it." in self.said() or self.has_ended(), 90)
        assert not self.has_ended(), self.said()

    def stop(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def said(self) -> str:
        return self._output.read_text(errors="replace")

    def url(self, path: str) -> str:
        assert f"Casewire is ready: http://127.0.0.1:{self.environment['WEB_PORT']}/" in self.said()
        return f"http://127.0.0.1:{self.environment['WEB_PORT']}{path}"

    def ready(self, port_setting: str) -> bool:
        try:
            url = f"http://127.0.0.1:{self.environment[port_setting]}/readyz"
            return requests.get(url, timeout=10).status_code == 200
        except requests.ConnectionError:
            return False

    def processes(self) -> dict[int, str]:
        """Command lines of all processes that were started for this home."""
        found = {}
        for folder in Path("/proc").iterdir():
            try:
                environment = (folder / "environ").read_bytes()
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if f"\0CASEWIRE_HOME={self.home}\0".encode() in b"\0" + environment:
                found[int(folder.name)] = command
        return found


@pytest.fixture
def make_start(tmp_path: Path) -> Iterator[Callable[..., LocalStart]]:
    made: list[LocalStart] = []

    def make(name: str = "home", **settings: str) -> LocalStart:
        made.append(LocalStart(tmp_path / name, **settings))
        return made[-1]

    yield make
    for start in made:
        if not start.has_ended():
            start.stop(signal.SIGTERM)


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


def assert_nothing_is_left(start: LocalStart, seconds: float = 5) -> None:
    """Small helpers of Erlang's may take a moment to see that their master is gone."""
    wait_until(lambda: start.processes() == {}, seconds)


class Api:
    """The JSON API, signed in."""

    def __init__(self, start: LocalStart, password: str) -> None:
        self._start = start
        given = {"name": "admin", "password": password}
        answer = requests.post(start.url("/api/v1/tokens"), json=given, timeout=30)
        answer.raise_for_status()
        self._headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    def create_case(self, subject: str) -> int:
        url = self._start.url("/api/v1/cases")
        answer = requests.post(url, json={"subject": subject}, headers=self._headers, timeout=30)
        answer.raise_for_status()
        return int(answer.json()["number"])

    def get_case(self, number: int) -> dict[str, Any]:
        url = self._start.url(f"/api/v1/cases/{number}")
        answer = requests.get(url, headers=self._headers, timeout=30)
        answer.raise_for_status()
        return dict(answer.json())


def test_a_start_a_restart_and_nothing_left_behind(
    make_start: Callable[..., LocalStart],
) -> None:
    """With a RabbitMQ of its own; the second start finds the data of the first."""
    start = make_start(BROKER_PORT=str(free_port()))
    start.run_until_ready()
    password = re.search(r"^  name: admin\n  password: (\S+)$", start.said(), re.MULTILINE)
    assert password is not None, start.said()
    number = Api(start, password[1]).create_case("The printer is on fire")

    second = LocalStart(start.home)
    second.run()
    assert second.process is not None and second.process.wait(60) == 1
    assert f"casewire: Casewire is running already on {start.home} (process " in second.said()

    letters = subprocess.run(
        [ROOT / ".venv/bin/python", "-m", "services.messaging", "list", "cases"],
        cwd=ROOT,
        env=start.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (letters.returncode, letters.stdout) == (0, ""), letters.stderr

    assert start.stop(signal.SIGINT) == 0
    assert_nothing_is_left(start)
    assert "Traceback" not in start.said()
    assert start.said().rstrip().endswith("casewire  | stopped")

    start.run_until_ready()
    assert "password:" not in start.said()
    assert Api(start, password[1]).get_case(number)["subject"] == "The printer is on fire"
    assert start.stop(signal.SIGTERM) == 0
    assert_nothing_is_left(start)


def test_a_service_that_dies_comes_back_and_the_others_go_on(
    make_start: Callable[..., LocalStart], broker: BrokerServer
) -> None:
    start = make_start(AMQP_URI=broker.uri, CASEWIRE_ADMIN_PASSWORD="a password of ours")
    start.run_until_ready()
    assert "a password of ours" not in start.said()
    before = start.processes()
    rules = next(pid for pid, command in before.items() if "services.rules" in command)
    os.kill(rules, signal.SIGKILL)
    wait_until(lambda: "rules ended with code -9; it starts again in 1 s" in start.said())
    wait_until(lambda: start.ready("RULES_PORT"))
    assert set(before) - set(start.processes()) == {rules}
    assert Api(start, "a password of ours").create_case("Still here") > 0
    assert start.stop(signal.SIGTERM) == 0
    assert_nothing_is_left(start)


def test_a_killed_start_takes_everything_along(
    make_start: Callable[..., LocalStart], broker: BrokerServer
) -> None:
    start = make_start(AMQP_URI=broker.uri)
    start.run_until_ready()
    assert start.stop(signal.SIGKILL) == -9
    assert_nothing_is_left(start, 30)  # services finish what is in hand before they end


def test_with_a_database_url_each_service_has_a_schema(
    make_start: Callable[..., LocalStart], broker: BrokerServer, postgresql: PostgresqlServer
) -> None:
    name = f"local_{new_id().replace('-', '')}"
    server = Database(postgresql.url)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    server.close()
    url = postgresql.url.replace("+psycopg", "").rsplit("/", 1)[0] + f"/{name}"
    start = make_start(AMQP_URI=broker.uri, DATABASE_URL=url)
    start.run_until_ready()
    database = Database(postgresql.url.rsplit("/", 1)[0] + f"/{name}")
    schemas = set(inspect(database.engine).get_schema_names())
    database.close()
    assert {"cases", "rules", "mailgw", "reporting", "web"} <= schemas
    assert list(start.home.glob("*.sqlite3")) == []
    assert start.stop(signal.SIGTERM) == 0


def refused(start: LocalStart) -> str:
    """What a start says that ends with code 1, leaving nothing behind."""
    start.run()
    assert start.process is not None
    assert start.process.wait(60) == 1, start.said()
    assert "Traceback" not in start.said()
    assert_nothing_is_left(start)
    return start.said()


def test_a_taken_port_is_named_and_nothing_started(
    make_start: Callable[..., LocalStart], broker: BrokerServer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        start = make_start(AMQP_URI=broker.uri, WEB_PORT=str(port))
        said = refused(start)
    assert said == (
        f"casewire: port {port} is taken by another program; set WEB_PORT to a free one\n"
    )
    assert list(start.home.glob("*.sqlite3")) == []


def test_a_broker_that_does_not_answer_is_named(make_start: Callable[..., LocalStart]) -> None:
    port = free_port()
    said = refused(make_start(AMQP_URI=f"amqp://guest:guest@127.0.0.1:{port}/"))
    assert said.startswith(f"casewire: AMQP_URI (amqp://guest:…@127.0.0.1:{port}/): ")
    assert said.count("\n") == 1


def test_a_database_that_does_not_answer_is_named(
    make_start: Callable[..., LocalStart], broker: BrokerServer
) -> None:
    url = f"postgresql://casewire:geheim@127.0.0.1:{free_port()}/casewire"
    said = refused(make_start(AMQP_URI=broker.uri, DATABASE_URL=url))
    assert "DATABASE_URL: the database of cases cannot be used: " in said
    assert "geheim" not in said


def test_a_wrong_setting_is_named(make_start: Callable[..., LocalStart]) -> None:
    said = refused(make_start(CASES_PORT="many"))
    assert said.startswith("casewire: cannot start: CASES_PORT: ")

"""A consumer that is killed, or fed what it cannot take, against a real broker."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kombu.connection import Connection
from support.broker import BrokerServer

from services.contracts.directory import User, UserChanged
from services.messaging import topology
from services.messaging.publisher import Outgoing, Publisher
from services.messaging.retry import ATTEMPTS, ERROR
from services.runtime.clock import now
from services.runtime.identity import new_id

QUEUE = "casewire.reporting"
ROOT = Path(__file__).parents[2]


class Recording:
    """The recording service as a process, and what it has recorded."""

    def __init__(self, folder: Path, uri: str) -> None:
        self.folder = folder
        self._uri = uri
        self._database = folder / "recording.sqlite3"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = [sys.executable, "-m", "support.recording_service"]
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        self.process = subprocess.Popen(
            [*program, str(self._database), self._uri], env={**os.environ, "PYTHONPATH": path}
        )

    def recorded(self) -> list[int]:
        if not self._database.exists():
            return []
        with sqlite3.connect(self._database, timeout=10) as connection:
            if not connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name='effects'"
            ).fetchone():
                return []
            return sorted(row[0] for row in connection.execute("SELECT user_id FROM effects"))


@pytest.fixture
def recording(tmp_path: Path, broker: BrokerServer) -> Iterator[Recording]:
    with Connection(broker.uri) as connection:
        topology.declare(connection)
        for queue in (topology.main_queue(QUEUE), topology.dead_letter_queue(QUEUE)):
            queue.bind(connection.default_channel).purge()
    service = Recording(tmp_path, broker.uri)
    yield service
    if service.process is not None and service.process.poll() is None:
        service.process.terminate()
        service.process.wait(30)


def send(broker: BrokerServer, users: list[User]) -> None:
    events = [UserChanged(id=new_id(), occurred_at=now(), data=user) for user in users]
    publisher = Publisher(broker.uri)
    publisher.publish([Outgoing(event.id, event.type, event.model_dump_json()) for event in events])
    publisher.close()


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


def users(numbers: range) -> list[User]:
    return [User(id=number, login=f"user{number}", name="Demo User") for number in numbers]


def test_killed_between_commit_and_acknowledgement_each_message_takes_effect_once(
    recording: Recording, broker: BrokerServer
) -> None:
    (recording.folder / "die").touch()
    send(broker, users(range(1, 251)))
    recording.start()
    assert recording.process is not None
    assert recording.process.wait(30) == -9
    assert 0 < len(recording.recorded()) <= 250
    recording.start()
    wait_until(lambda: len(recording.recorded()) >= 250)
    time.sleep(1)
    assert recording.recorded() == list(range(1, 251))


@pytest.mark.parametrize(
    ("login", "error"), [("bad", "this one fails"), ("impossible", "IntegrityError")]
)
def test_a_failing_message_is_put_off_and_holds_up_nobody(
    recording: Recording, broker: BrokerServer, login: str, error: str
) -> None:
    bad = User(id=1, login=login, name="Demo User")
    send(broker, [bad, *users(range(2, 6))])
    recording.start()
    wait_until(lambda: recording.recorded() == [2, 3, 4, 5])
    with Connection(broker.uri) as connection:
        later = topology.retry_queue(QUEUE, topology.PAUSES_SECONDS[1])
        waiting = later.bind(connection.default_channel)
        found = []
        wait_until(lambda: bool(found.append(waiting.get(no_ack=True)) or found[-1]))
    assert found[-1].headers[ATTEMPTS] == 2
    assert error in found[-1].headers[ERROR]


def test_what_cannot_be_read_goes_to_the_dead_letters(
    recording: Recording, broker: BrokerServer
) -> None:
    publisher = Publisher(broker.uri)
    publisher.publish([Outgoing(new_id(), "user.changed", b"{ not json")])
    publisher.close()
    send(broker, users(range(1, 2)))
    recording.start()
    wait_until(lambda: recording.recorded() == [1])
    with Connection(broker.uri) as connection:
        dead = topology.dead_letter_queue(QUEUE).bind(connection.default_channel)
        found = []
        wait_until(lambda: bool(found.append(dead.get(no_ack=True)) or found[-1]))
    assert "UnreadableMessage" in found[-1].headers[ERROR]

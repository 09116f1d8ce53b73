"""A gateway process on a broker and home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from kombu.connection import Connection
from support.broker import BrokerServer
from support.ports import free_port

from services.contracts.envelope import Envelope
from services.contracts.errors import ServiceAway
from services.contracts.filing import MailFiled
from services.contracts.mail import MailSend
from services.contracts.messages import read_message
from services.messaging import topology
from services.messaging.publisher import Outgoing, Publisher
from services.messaging.rpc_client import RpcClient

ROOT = Path(__file__).parents[3]
CASES = "casewire.cases"


class Running:
    """A gateway process, and what it tells the cases service."""

    def __init__(self, broker: BrokerServer, home: Path) -> None:
        self.broker = broker
        self.port = free_port()
        self.environment = {
            **{k: v for k, v in os.environ.items() if k != "DATABASE_URL"},
            "AMQP_URI": broker.uri,
            "CASEWIRE_HOME": str(home),
            "MAILGW_PORT": str(self.port),
            "FETCH_INTERVAL_SECONDS": "1",
            "PYTHONWARNINGS": "ignore",
        }
        self.log = home / "log"
        self.rpc = RpcClient(broker.uri, timeout_seconds=10)
        self.process: subprocess.Popen[bytes] | None = None

    def call(self, method: str, **arguments: Any) -> Any:
        """Ask one of its doors."""
        return self.rpc.call("mailgw", method, **arguments)

    def command(self, *arguments: str, stdin: bytes = b"") -> int:
        """Run `python -m services.mailgw …`; its exit code."""
        program = [sys.executable, "-m", "services.mailgw", *arguments]
        return subprocess.run(
            program, input=stdin, env=self.environment, cwd=ROOT, check=False
        ).returncode

    def start(self) -> None:
        """Start, and wait until it answers."""
        program = [sys.executable, "-m", "services.mailgw", "run"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                program, env=self.environment, cwd=ROOT, stdout=log, stderr=log
            )
        until(self._answers)

    def stop(self) -> int:
        """Stop gracefully; the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(30)

    def page(self, path: str) -> str:
        """A page of its management port."""
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return str(answer.read().decode())

    def events(self, wanted: int) -> list[Any]:
        """The messages in the queue of cases, once there are as many."""
        found: list[Envelope] = []
        with Connection(self.broker.uri) as connection:
            queue = topology.main_queue(CASES).bind(connection.default_channel)

            def taken() -> bool:
                message = queue.get(no_ack=True)
                if message is not None:
                    found.append(read_message(message.properties["type"], message.body))
                return len(found) >= wanted

            until(taken)
        return found

    def publish(self, *orders: MailSend | MailFiled) -> None:
        """Order mails, or tell where some were filed."""
        publisher = Publisher(self.broker.uri)
        publisher.publish([Outgoing(o.id, o.type, o.model_dump_json()) for o in orders])
        publisher.close()

    def _answers(self) -> bool:
        try:
            return self.call("list_incoming_accounts") == []
        except ServiceAway:
            return False


def until(condition: Callable[[], bool], patience_seconds: float = 60) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + patience_seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.01)

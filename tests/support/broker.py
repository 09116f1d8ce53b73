"""A RabbitMQ node of the tests' own, which a test may stop and kill."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from support.ports import free_port

SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"
CONTROL = "/usr/lib/rabbitmq/bin/rabbitmqctl"


class BrokerAway(Exception):
    """The node does not answer; the message says what it was asked."""


class BrokerServer:
    """Starts, stops and kills a private node; what was durable is there again after a start."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="casewire-broker-"))
        self._distribution_port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    @property
    def pid(self) -> int:
        """The process that leads the node's process group."""
        if self._process is None:
            raise RuntimeError("the test broker does not run")
        return self._process.pid

    def start(self, patience_seconds: float = 90) -> None:
        """Start and wait until the port answers; raises RuntimeError with the log's end."""
        log = (self._folder / "server.log").open("ab")
        self._process = subprocess.Popen(
            [SERVER], env=self._environment(), stdout=log, stderr=log, start_new_session=True
        )
        deadline = time.monotonic() + patience_seconds
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                tail = (self._folder / "server.log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"the test broker did not start:\n{tail}")
            time.sleep(0.2)

    def new_vhost(self, name: str) -> str:
        """The address of a virtual host of its own, with no queue of another test in it."""
        self.control("add_vhost", name)
        self.control("set_permissions", "-p", name, "guest", ".*", ".*", ".*")
        return f"amqp://guest:guest@127.0.0.1:{self.port}/{name}"

    def import_definitions(self, path: Path) -> None:
        """Take virtual hosts, users and rights from a file of definitions."""
        self.control("import_definitions", str(path))

    def control(self, *arguments: str) -> str:
        """What a command of rabbitmqctl says. Raises BrokerAway, or ValueError for nonsense."""
        command = [CONTROL, "-q", *arguments]
        try:
            done = subprocess.run(
                command,
                env=self._environment(),
                check=False,
                timeout=60,
                capture_output=True,
                text=True,
            )
        except subprocess.TimeoutExpired as error:
            raise BrokerAway(f"{arguments} took too long") from error
        # Of a node that is still starting it says EX_USAGE as well.
        if "argument validation" in done.stdout + done.stderr:
            raise ValueError(f"rabbitmqctl takes no {arguments}: {done.stderr!r}")
        if done.returncode != 0:
            raise BrokerAway(f"{arguments}: {done.stderr!r}")
        return done.stdout

    def kill(self) -> None:
        """kill -9 of the node, if it runs; start() brings back what was durable."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)

    def stop(self) -> None:
        """Stop gracefully."""
        if self._process is not None:
            os.killpg(self._process.pid, 15)
            self._process.wait(60)
            self._process = None

    def destroy(self) -> None:
        """Stop, and remove all data."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "HOME": str(self._folder),
            "RABBITMQ_NODENAME": f"casewire-{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(self._folder / "none"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "none"),
        }

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                connection.settimeout(2)
                return bool(connection.recv(1))
        except OSError:
            return False

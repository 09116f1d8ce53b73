"""Hearing what happens while it happens, in a plain thread: for what keeps open pages fresh."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

import structlog
from kombu.connection import Connection

from services.messaging import topology
from services.messaging.until_stopped import until_stopped

LOOK_SECONDS = 1.0

log = structlog.get_logger()


class Listener:
    """Hears messages of these types as long as it runs, through a queue of its own.

    What was published before, or while the broker was away, is not made up for: `connected`
    is called each time that hearing begins (again). `heard` gets the type and the bytes of a
    message; an error of it is logged and the message passed over. Both are called in the
    thread of the listener.
    """

    def __init__(
        self,
        amqp_uri: str,
        types: tuple[str, ...],
        heard: Callable[[str, bytes], None],
        connected: Callable[[], None],
    ) -> None:
        self._amqp_uri = amqp_uri
        self._types = types
        self._heard = heard
        self._connected = connected
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End within a second or so; nothing is heard after that."""
        self._stopping.set()

    def _run(self) -> None:
        until_stopped(self._listen, self._stopping, "listener waits")

    def _listen(self) -> None:
        with Connection(self._amqp_uri, heartbeat=30, connect_timeout=5) as connection:
            topology.declare(connection)
            consumer = connection.Consumer(
                [topology.own_queue(self._types)], on_message=self._take, no_ack=True
            )
            with consumer:
                self._connected()
                while not self._stopping.is_set():
                    self._hear_a_while(connection)

    def _hear_a_while(self, connection: Any) -> None:
        """For a second; the broker is then told that we are alive: we acknowledge nothing."""
        until = monotonic() + LOOK_SECONDS
        with suppress(TimeoutError):  # nothing came
            while (left := until - monotonic()) > 0:
                connection.drain_events(timeout=left)
        connection.heartbeat_check()

    def _take(self, message: Any) -> None:
        type_name = message.properties.get("type") or ""
        body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
        try:
            self._heard(type_name, body)
        except Exception as error:
            log.error("message not heard", type=type_name, exc_info=error)

"""Telling whoever listens just now, without keeping it for anybody who does not."""

from __future__ import annotations

import threading
from contextlib import suppress
from queue import Empty, Full, Queue
from time import monotonic
from typing import Any

import structlog
from kombu.connection import Connection

from services.contracts.envelope import Envelope
from services.messaging import topology
from services.messaging.publisher import BUS_TROUBLE

MOST_WAITING = 1000
LOOK_SECONDS = 1.0
PAUSE_SECONDS = 1.0

log = structlog.get_logger()


class Announcer:
    """Publishes messages that are soon worth nothing, in a plain thread.

    They are neither persistent nor confirmed, and lost while the broker is away. What has to
    arrive goes through the outbox instead.
    """

    def __init__(self, amqp_uri: str) -> None:
        self._amqp_uri = amqp_uri
        self._waiting: Queue[Envelope] = Queue(MOST_WAITING)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)

    def start(self) -> None:
        """Begin to publish."""
        self._thread.start()

    def stop(self) -> None:
        """End within a second or so."""
        self._stopping.set()

    def announce(self, message: Envelope) -> None:
        """Publish it soon; with too many waiting it is dropped."""
        try:
            self._waiting.put_nowait(message)
        except Full:
            log.warning("announcement dropped", type=message.type)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._publish_all()
            except BUS_TROUBLE as error:
                log.warning("announcer waits", error=str(error), seconds=PAUSE_SECONDS)
                self._stopping.wait(PAUSE_SECONDS)

    def _publish_all(self) -> None:
        with Connection(self._amqp_uri, heartbeat=30, connect_timeout=5) as connection:
            topology.declare(connection)
            producer = connection.Producer(auto_declare=False)
            while not self._stopping.is_set():
                self._publish_a_while(producer)
                # Nothing but heartbeats comes, and they are to be read.
                with suppress(TimeoutError):
                    connection.drain_events(timeout=0.001)
                connection.heartbeat_check()

    def _publish_a_while(self, producer: Any) -> None:
        until = monotonic() + LOOK_SECONDS
        with suppress(Empty):
            while (left := until - monotonic()) > 0:
                _publish(producer, self._waiting.get(timeout=left))


def _publish(producer: Any, message: Envelope) -> None:
    producer.publish(
        message.model_dump_json(),
        exchange=topology.EVENTS.name,
        routing_key=message.type,
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode="transient",
        message_id=message.id,
        type=message.type,
    )

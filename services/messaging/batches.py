"""Taking what waits in a queue as one batch, and acknowledging behind the commit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from logging import WARNING
from time import monotonic, time_ns
from typing import Any

import structlog
from kombu.connection import Connection
from sqlalchemy.exc import InterfaceError
from sqlalchemy.exc import OperationalError as DatabaseAway

from services.contracts.envelope import Envelope
from services.contracts.errors import UnreadableMessage
from services.contracts.messages import read_message
from services.messaging import metrics, topology
from services.messaging.message_log import log_message
from services.messaging.publisher import NotConfirmed, Outgoing, Publisher
from services.messaging.queue_depths import QueueDepths
from services.messaging.retry import Delivery, give_up, put_off
from services.messaging.tracing import TRACING
from services.messaging.transaction import Failure
from services.messaging.until_stopped import LONGEST_PAUSE_SECONDS, until_stopped

BATCH = 100
IDLE_SECONDS = 0.5
# A batch costs one commit however large it is; waiting a moment makes it larger under load.
GATHER_SECONDS = 0.004
# No message's fault. Other errors of the database are: a row that cannot be, say.
DATABASE_TROUBLE = (DatabaseAway, InterfaceError)

log = structlog.get_logger()

TakeIn = Callable[[list[Envelope]], list[Failure]]


class BatchReader:
    """Reads a durable queue in whichever thread calls `run`.

    `take_in` gets a list of messages and answers with the list of failures. A failed message
    is put off or given up, and the rest is acknowledged. When the database is away, nothing
    is the messages' fault: they are kept and tried again.
    """

    def __init__(self, amqp_uri: str, queue_name: str, take_in: TakeIn) -> None:
        self._amqp_uri = amqp_uri
        self._queue_name = queue_name
        self._take_in = take_in
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._waiting: list[Any] = []
        self._depths = QueueDepths(queue_name)

    def run(self) -> None:
        """Read until stopped; trouble with the broker is waited out."""
        until_stopped(self._consume, self._stopping, "consumer waits", queue=self._queue_name)
        self._ended.set()

    def stop(self, wait_seconds: float = 0.0) -> None:
        """End `run` once the batch in hand is done, and wait for that so long at the most."""
        self._stopping.set()
        self._ended.wait(wait_seconds)

    def _consume(self) -> None:
        with Connection(self._amqp_uri, heartbeat=30, connect_timeout=5) as connection:
            topology.declare(connection)
            topology.declare_own(connection, self._queue_name)
            self._waiting.clear()
            consumer = connection.Consumer(
                [topology.main_queue(self._queue_name)],
                on_message=self._waiting.append,
                auto_declare=False,
                prefetch_count=2 * BATCH,
            )
            with consumer:
                while not self._stopping.is_set():
                    self._depths.observe(connection.default_channel)
                    self._collect(connection)
                    if self._waiting:
                        self._settle(self._waiting[:BATCH])
                        del self._waiting[:BATCH]

    def _collect(self, connection: Any) -> None:
        """Wait for a first message, then a little for those that come with it."""
        until = monotonic() + (GATHER_SECONDS if self._waiting else IDLE_SECONDS)
        try:
            while len(self._waiting) < BATCH and (left := until - monotonic()) > 0:
                idle = not self._waiting
                connection.drain_events(timeout=left)
                if idle and self._waiting:
                    until = monotonic() + GATHER_SECONDS
        except TimeoutError:
            connection.heartbeat_check()

    def _settle(self, batch: list[Any]) -> None:
        deliveries = [_delivery(self._queue_name, message) for message in batch]
        messages, later = _read(deliveries)
        begun_ns = time_ns()
        with metrics.HANDLER_SECONDS.labels(self._queue_name).time():
            failures = self._handle(messages) if messages else []
        by_id = {delivery.id: delivery for delivery in deliveries}
        for failure in failures:
            error = failure.error
            log_message("failed", failure.message, level=WARNING, error=repr(error))
            TRACING.handled(failure.message, self._queue_name, begun_ns, type(error).__name__)
            later.append(put_off(by_id[failure.message.id], failure.error))
        if later:
            self._send_on(later)
        failed = {failure.message.id for failure in failures}
        for message in messages:
            if message.id not in failed:
                log_message("handled", message, queue=self._queue_name)
                TRACING.handled(message, self._queue_name, begun_ns)
                metrics.HANDLED.labels(self._queue_name, message.type).inc()
        batch[-1].ack(multiple=True)

    def _handle(self, messages: list[Envelope]) -> list[Failure]:
        """Handle the batch; when its commit fails, each message by itself."""
        pause = 0.1
        while True:
            try:
                return self._take_in(messages)
            except DATABASE_TROUBLE as error:
                log.warning("database trouble", queue=self._queue_name, error=str(error))
                if self._stopping.wait(pause):
                    raise NotConfirmed("stopped while the database was away") from error
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            except Exception as error:  # noqa: BLE001  each becomes a failure that is put off
                if len(messages) == 1:
                    return [Failure(messages[0], error)]
                return [failure for one in messages for failure in self._handle([one])]

    def _send_on(self, later: list[Outgoing]) -> None:
        publisher = Publisher(self._amqp_uri)
        try:
            publisher.publish(later)
        finally:
            publisher.close()


def _delivery(queue: str, message: Any) -> Delivery:
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    properties = message.properties
    return Delivery(
        queue=queue,
        id=properties.get("message_id") or "",
        type=properties.get("type") or "",
        body=body,
        headers=message.headers or {},
    )


def _read(deliveries: list[Delivery]) -> tuple[list[Envelope], list[Outgoing]]:
    """Those that can be read, and for the dead letters those that never will be."""
    messages: list[Envelope] = []
    dead: list[Outgoing] = []
    for delivery in deliveries:
        try:
            messages.append(read_message(delivery.type, delivery.body))
        except UnreadableMessage as error:
            log.error("unreadable message", queue=delivery.queue, id=delivery.id, error=str(error))
            dead.append(give_up(delivery, error))
    return messages, dead

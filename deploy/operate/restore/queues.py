"""The broker before a restore: nobody reads, and nothing of another time waits."""

from __future__ import annotations

from kombu.connection import Connection

from deploy.operate.doctor.broker import look_at
from deploy.operate.errors import CannotDo
from services.messaging import topology
from services.messaging.broker_check import broker_check


def refuse_busy_queues(amqp_uri: str, *, may_hold_messages: bool) -> None:
    """Raise CannotDo when a service runs, or messages wait that nobody said to throw away."""
    if trouble := broker_check(amqp_uri)():
        raise CannotDo(trouble)
    with Connection(amqp_uri, connect_timeout=5) as connection:
        found = {name: look_at(connection, name) for name in topology.queue_names()}
    read = [name for name, queue in found.items() if queue and queue.consumers]
    if read:
        raise CannotDo(f"services are running (they read {', '.join(read)}): stop them first")
    full = [
        f"{name} ({queue.messages})" for name, queue in found.items() if queue and queue.messages
    ]
    if full and not may_hold_messages:
        raise CannotDo(
            f"messages wait in {', '.join(full)}, of a time that the back-up knows nothing of: "
            "give --empty-queues to throw them away, or AMQP_URI another virtual host"
        )


def empty_queues(amqp_uri: str) -> None:
    """Declare all queues, and throw away what is in them."""
    with Connection(amqp_uri, connect_timeout=5) as connection:
        topology.declare(connection)
        with connection.channel() as channel:
            for name in topology.queue_names():
                channel.queue_purge(name)

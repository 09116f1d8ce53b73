"""Exchange and queues of the bus, declared whole by whoever connects first.

So an event never misses the queue of a consumer that has not started yet. Where each service has
a user of its own, who may declare nothing but its own queues, an operator's user declares all of
them before.
"""

from __future__ import annotations

from typing import Any

from amqp.exceptions import NotFound
from kombu.connection import Connection
from kombu.entity import Exchange, Queue, binding

from services.contracts.routes import ROUTES

EVENTS = Exchange("casewire.events", type="topic", durable=True)

# Seconds before each new attempt; after the last one the message is a dead letter.
PAUSES_SECONDS = (1, 5, 30, 120, 600)
MOST_WAITING_IN_OWN_QUEUE = 10_000


def main_queue(name: str) -> Queue:
    """A consumer's durable queue, bound to every type it listens to."""
    return Queue(name, exchange=EVENTS, routing_key=ROUTES[name][0], durable=True)


def dead_letter_queue(name: str) -> Queue:
    """Where a consumer's given-up messages wait for an operator."""
    return Queue(f"{name}.dead", durable=True)


def retry_queue(name: str, pause_seconds: int) -> Queue:
    """Messages rest here for the pause, then the broker puts them back into the main queue."""
    return Queue(
        f"{name}.retry.{pause_seconds}",
        durable=True,
        queue_arguments={
            "x-message-ttl": pause_seconds * 1000,
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": name,
        },
    )


def own_queue(types: tuple[str, ...]) -> Queue:
    """A queue of one connection, gone with it; of too much it drops the oldest.

    Its exchange is declared already; to declare it once more would take a right to do so.
    """
    there = Exchange(EVENTS.name, type=EVENTS.type, durable=True, passive=True)
    return Queue(
        "",
        exchange=there,
        bindings=[binding(there, routing_key=name) for name in types],
        durable=False,
        exclusive=True,
        auto_delete=True,
        queue_arguments={"x-max-length": MOST_WAITING_IN_OWN_QUEUE},
    )


def declare(connection: Connection) -> None:
    """Declare exchange, queues and bindings, unless all exchanges and queues are there.

    To look needs no right that a user could lack. Raises AccessRefused where something is
    missing that this user may not declare.
    """
    if not _complete(connection):
        declare_all(connection)


def declare_all(connection: Connection) -> None:
    """Declare exchange, queues and bindings; nothing happens to what is there already."""
    with connection.channel() as channel:
        EVENTS.bind(channel).declare()
        for name in ROUTES:
            _declare_consumer(channel, name)


def declare_for(amqp_uri: str) -> None:
    """The same for whoever holds no connection. Raises AMQPError, OperationalError, OSError."""
    with Connection(amqp_uri, connect_timeout=10) as connection:
        declare_all(connection)


def declare_own(connection: Connection, name: str) -> None:
    """Declare one consumer's queues, and bind it to what this release of it listens to."""
    with connection.channel() as channel:
        _declare_consumer(channel, name)


def _complete(connection: Connection) -> bool:
    """Whether the exchange and every queue are there."""
    channel = connection.channel()
    try:
        channel.exchange_declare(EVENTS.name, EVENTS.type, passive=True)
        for queue in (queue for name in ROUTES for queue in _queues(name)):
            channel.queue_declare(queue.name, passive=True)
    except NotFound:  # which closes the channel
        return False
    channel.close()
    return True


def _queues(name: str) -> list[Queue]:
    retries = [retry_queue(name, pause) for pause in PAUSES_SECONDS]
    return [main_queue(name), dead_letter_queue(name), *retries]


def _declare_consumer(channel: Any, name: str) -> None:
    for queue in _queues(name):
        queue.bind(channel).queue_declare()
    for type_name in ROUTES[name]:
        main_queue(name).bind(channel).bind_to(EVENTS, routing_key=type_name)

"""Exchange and queues of the bus, declared whole by whoever connects first.

So an event never misses the queue of a consumer that has not started yet. Where each service has
a user of its own, who may declare nothing but its own queues, an operator's user declares all of
them before.

A queue that is there stays what it is: of which kind it is was settled when it was first declared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from amqp.exceptions import NotFound
from kombu.connection import Connection
from kombu.entity import Exchange, Queue, binding

from services.contracts.routes import ROUTES

EVENTS = Exchange("casewire.events", type="topic", durable=True)

# Seconds before each new attempt; after the last one the message is a dead letter.
PAUSES_SECONDS = (1, 5, 30, 120, 600)
MOST_WAITING_IN_OWN_QUEUE = 10_000
# How often a replicated queue hands a message out before it counts as one that processes die of.
# A process that dies at its start, again and again, takes up a hundred messages each time.
MOST_DELIVERIES = 50
# On every node of a cluster (a quorum queue), and what it passes on is passed on for certain.
REPLICATED = {"x-queue-type": "quorum"}
PASSES_ON = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}


def main_queue(name: str, *, replicated: bool = False) -> Queue:
    """A consumer's durable queue, bound to every type it listens to."""
    arguments = {
        **REPLICATED,
        **PASSES_ON,
        "x-delivery-limit": MOST_DELIVERIES,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": f"{name}.dead",
    }
    return Queue(
        name,
        exchange=EVENTS,
        routing_key=ROUTES[name][0],
        durable=True,
        queue_arguments=arguments if replicated else None,
    )


def dead_letter_queue(name: str, *, replicated: bool = False) -> Queue:
    """Where a consumer's given-up messages wait for an operator."""
    arguments = REPLICATED if replicated else None
    return Queue(f"{name}.dead", durable=True, queue_arguments=arguments)


def retry_queue(name: str, pause_seconds: int, *, replicated: bool = False) -> Queue:
    """Messages rest here for the pause, then the broker puts them back into the main queue."""
    return Queue(
        f"{name}.retry.{pause_seconds}",
        durable=True,
        queue_arguments={
            **({**REPLICATED, **PASSES_ON} if replicated else {}),
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


def declare_all(connection: Connection, *, replicated: bool = False) -> None:
    """Declare exchange, queues and bindings; nothing happens to what is there already.

    `replicated` is of new queues: they outlive the nodes of a cluster, if most of these live.
    """
    with connection.channel() as channel:
        EVENTS.bind(channel).declare()
    for name in ROUTES:
        _declare_consumer(connection, name, replicated=replicated)


def declare_for(amqp_uri: str, *, replicated: bool = False) -> None:
    """The same for whoever holds no connection. Raises AMQPError, OperationalError, OSError."""
    with Connection(amqp_uri, connect_timeout=10) as connection:
        declare_all(connection, replicated=replicated)


def declare_own(connection: Connection, name: str) -> None:
    """Declare one consumer's queues, and bind it to what this release of it listens to."""
    _declare_consumer(connection, name, replicated=False)


def queue_names() -> list[str]:
    """Every durable queue: those of the consumers, what rests, and dead letters."""
    return [queue.name for name in ROUTES for queue in _queues(name)]


def _complete(connection: Connection) -> bool:
    """Whether the exchange and every queue are there."""
    channel = connection.channel()
    try:
        channel.exchange_declare(EVENTS.name, EVENTS.type, passive=True)
        _look_for(channel, queue_names())
    except NotFound:  # which closes the channel
        return False
    channel.close()
    return True


def _queues(name: str, *, replicated: bool = False) -> list[Queue]:
    retries = [retry_queue(name, pause, replicated=replicated) for pause in PAUSES_SECONDS]
    dead_letters = dead_letter_queue(name, replicated=replicated)
    return [main_queue(name, replicated=replicated), dead_letters, *retries]


def _declare_consumer(connection: Connection, name: str, *, replicated: bool) -> None:
    for queue in _queues(name, replicated=replicated):
        _declare_missing(connection, queue)
    with connection.channel() as channel:
        for type_name in ROUTES[name]:
            main_queue(name).bind(channel).bind_to(EVENTS, routing_key=type_name)


def _declare_missing(connection: Connection, queue: Queue) -> None:
    """To declare one of another kind, where it is there, would be an error."""
    channel = connection.channel()
    try:
        _look_for(channel, [queue.name])
    except NotFound:
        channel = connection.channel()
        queue.bind(channel).queue_declare()
    channel.close()


def _look_for(channel: Any, names: Sequence[str]) -> None:
    """Raises NotFound, and the channel is closed, where one is not there."""
    for name in names:
        channel.queue_declare(name, passive=True)

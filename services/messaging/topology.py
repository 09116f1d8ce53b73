"""Exchange and queues of the bus, declared whole by whoever connects first.

So an event never misses the queue of a consumer that has not started yet.
"""

from __future__ import annotations

from typing import Any

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
    """A queue of one connection, gone with it; of too much it drops the oldest."""
    return Queue(
        "",
        exchange=EVENTS,
        bindings=[binding(EVENTS, routing_key=name) for name in types],
        durable=False,
        exclusive=True,
        auto_delete=True,
        queue_arguments={"x-max-length": MOST_WAITING_IN_OWN_QUEUE},
    )


def declare(connection: Connection) -> None:
    """Declare exchange, queues and bindings; nothing happens to what is there already."""
    with connection.channel() as channel:
        EVENTS.bind(channel).declare()
        for name, types in ROUTES.items():
            _declare_consumer(channel, name, types)


def _declare_consumer(channel: Any, name: str, types: tuple[str, ...]) -> None:
    queue = main_queue(name).bind(channel)
    queue.queue_declare()
    for type_name in types:
        queue.bind_to(EVENTS, routing_key=type_name)
    dead_letter_queue(name).bind(channel).queue_declare()
    for pause in PAUSES_SECONDS:
        retry_queue(name, pause).bind(channel).queue_declare()

"""The broker: whether it answers, who takes from each queue, what waits, what was given up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from amqp.exceptions import NotFound
from kombu.connection import Connection

from deploy.operate.doctor.broker_clock import broker_time
from deploy.operate.doctor.clocks import clock_finding
from deploy.operate.doctor.finding import Finding, ok, warning, wrong
from services.contracts.routes import ROUTES
from services.messaging import topology
from services.messaging.broker_check import broker_check
from services.runtime.settings import Settings

MANY = 10_000  # a service takes that many in a minute or so


@dataclass(frozen=True)
class Queue:
    """How many messages wait in a queue, and how many take from it."""

    messages: int
    consumers: int


def check_broker(settings: Settings) -> Iterator[Finding]:
    """The broker and every consumer's queues on it."""
    trouble = broker_check(settings.amqp_uri)()
    if trouble is not None:
        yield wrong("broker", trouble, "start RabbitMQ, or set AMQP_URI to where it is")
        return
    yield ok("broker", "it answers")
    with Connection(settings.amqp_uri, connect_timeout=5) as connection:
        if theirs := broker_time(connection):
            yield clock_finding("clock of the broker", theirs)
        for name in ROUTES:
            yield from _check_consumer(connection, name)


def _check_consumer(connection: Any, name: str) -> Iterator[Finding]:
    service = name.removeprefix("casewire.")
    check = f"queue {name}"
    queue = look_at(connection, name)
    if queue is None:
        yield wrong(check, "it is not there", "start a service: whichever is first declares all")
        return
    if not queue.consumers:
        cure = f"start the {service} service, and read its log if it does run"
        yield wrong(check, f"nobody takes from it; {_messages(queue.messages)} in it", cure)
    elif queue.messages > MANY:
        cure = f"if that does not shrink, read the log of {service}, or run more of it"
        yield warning(check, f"{_messages(queue.messages)} wait", cure)
    else:
        resting = _resting(connection, name)
        more = f", {resting} rest until they are tried again" if resting else ""
        yield ok(check, f"{queue.consumers} take from it, {queue.messages} wait{more}")
    dead = look_at(connection, topology.dead_letter_queue(name).name)
    if dead is not None and dead.messages:
        cure = f"`casewire dead-letters list {service}` shows why; then `retry` or `drop`"
        yield warning(f"dead letters of {service}", f"{dead.messages} were given up", cure)


def look_at(connection: Any, name: str) -> Queue | None:
    """A queue as the broker tells of it; None when there is none of that name."""
    with connection.channel() as channel:
        try:
            found = channel.queue_declare(queue=name, passive=True)
        except NotFound:
            return None
        return Queue(int(found.message_count), int(found.consumer_count))


def _resting(connection: Any, name: str) -> int:
    pauses = topology.PAUSES_SECONDS
    found = [look_at(connection, topology.retry_queue(name, pause).name) for pause in pauses]
    return sum(queue.messages for queue in found if queue is not None)


def _messages(count: int) -> str:
    return f"{count} message{'' if count == 1 else 's'}"

"""Dead letters: what a consumer gave up, for an operator to see, try again or drop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kombu.connection import Connection

from services.contracts.routes import ROUTES
from services.messaging import topology
from services.messaging.publisher import Outgoing, Publisher
from services.messaging.retry import ATTEMPTS, ERROR


class UnknownConsumer(Exception):
    """There is no consumer of that name; the message lists those there are."""


@dataclass(frozen=True)
class DeadLetter:
    """A given-up message: how often it was tried and what was wrong the last time."""

    id: str
    type: str
    attempts: int
    error: str
    body: bytes


class DeadLetters:
    """The dead letters of one consumer, named by its queue or its service ("cases")."""

    def __init__(self, amqp_uri: str, consumer: str) -> None:
        self._amqp_uri = amqp_uri
        self._queue = consumer if consumer in ROUTES else f"casewire.{consumer}"
        if self._queue not in ROUTES:
            known = ", ".join(name.removeprefix("casewire.") for name in ROUTES)
            raise UnknownConsumer(f"no consumer is called {consumer!r}; there are {known}")

    def show(self) -> list[DeadLetter]:
        """All of them, oldest first; they stay where they are."""
        with self._taken() as messages:
            return [_dead_letter(message) for message in messages]

    def retry(self, message_id: str | None = None) -> int:
        """Put one, or all, back into the consumer's queue; the number of them.

        A message leaves the dead letters only when the broker has confirmed it there.
        """
        with self._taken() as messages:
            chosen = [m for m in messages if message_id in (None, _dead_letter(m).id)]
            if chosen:
                self._send_back([_dead_letter(message) for message in chosen])
            for message in chosen:
                message.ack()
            return len(chosen)

    def drop(self, message_id: str) -> int:
        """Throw one away; 1, or 0 when it is not there."""
        with self._taken() as messages:
            chosen = [m for m in messages if _dead_letter(m).id == message_id]
            for message in chosen:
                message.ack()
            return len(chosen)

    def put_back(self, letters: Sequence[DeadLetter]) -> None:
        """Make these the consumer's dead letters again, as a restored back-up has them."""
        queue = topology.dead_letter_queue(self._queue).name
        self._publish(
            [
                Outgoing(
                    letter.id,
                    letter.type,
                    letter.body,
                    exchange="",
                    routing_key=queue,
                    headers={ATTEMPTS: letter.attempts, ERROR: letter.error},
                )
                for letter in letters
            ]
        )

    def _send_back(self, letters: Sequence[DeadLetter]) -> None:
        self._publish(
            [Outgoing(x.id, x.type, x.body, exchange="", routing_key=self._queue) for x in letters]
        )

    def _publish(self, messages: Sequence[Outgoing]) -> None:
        publisher = Publisher(self._amqp_uri)
        try:
            publisher.publish(messages)
        finally:
            publisher.close()

    @contextmanager
    def _taken(self) -> Iterator[list[Any]]:
        """Every message, held; those not acknowledged go back when the connection closes."""
        with Connection(self._amqp_uri, connect_timeout=5) as connection:
            topology.declare(connection)
            queue = topology.dead_letter_queue(self._queue).bind(connection.default_channel)
            messages = []
            while (message := queue.get(no_ack=False)) is not None:
                messages.append(message)
            yield messages


def _dead_letter(message: Any) -> DeadLetter:
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    return DeadLetter(
        id=message.properties.get("message_id") or "",
        type=message.properties.get("type") or "",
        attempts=int(message.headers.get(ATTEMPTS, 0)),
        error=_why(message.headers),
        body=body,
    )


def _why(headers: dict[str, Any]) -> str:
    """What was wrong the last time; or that whoever took it was gone, again and again.

    That the broker tells, whatever had been wrong with the message before.
    """
    deaths = [str(death.get("reason", "")) for death in headers.get("x-death", ())]
    if "delivery_limit" in deaths:
        return f"handed out more than {topology.MOST_DELIVERIES} times, and never acknowledged"
    return str(headers.get(ERROR, ""))

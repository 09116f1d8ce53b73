"""Publishing in batches: every message persistent, mandatory and confirmed by the broker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from amqp.exceptions import AMQPError
from kombu.connection import Connection
from kombu.exceptions import OperationalError

from services.messaging import topology

CONFIRM_TIMEOUT_SECONDS = 30


class NotConfirmed(Exception):
    """The broker refused a message or did not confirm it in time; it has to be sent again."""


# What waiting and connecting again can mend.
BUS_TROUBLE = (AMQPError, OperationalError, OSError, NotConfirmed)


@dataclass(frozen=True)
class Outgoing:
    """Bytes to publish and where. `exchange` "" with a queue's name reaches that queue alone."""

    id: str
    type: str
    body: str | bytes
    exchange: str = topology.EVENTS.name
    routing_key: str = ""
    mandatory: bool = True
    headers: dict[str, Any] = field(default_factory=dict)


class Publisher:
    """One channel in confirm mode. Not for several threads at once."""

    def __init__(self, amqp_uri: str) -> None:
        self._connection = Connection(amqp_uri, heartbeat=30, connect_timeout=5)
        self._connection.connect()
        topology.declare(self._connection)
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._acknowledged)
        self._channel.events["basic_nack"].add(self._refused)
        self._channel.events["basic_return"].add(self._returned)
        self._last_tag = 0
        self._open: set[int] = set()
        self._trouble: list[str] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Publish all, then wait until the broker has confirmed each.

        One wait for the whole batch: a wait for each would cost a round trip a message.
        Raises NotConfirmed, or a connection error; then none of them counts as sent.
        """
        for message in messages:
            self._send(message)
        deadline = monotonic() + CONFIRM_TIMEOUT_SECONDS
        while self._open and not self._trouble:
            left = deadline - monotonic()
            if left <= 0:
                self._trouble.append(f"{len(self._open)} messages were not confirmed in time")
                break
            self._connection.drain_events(timeout=left)
        if self._trouble:
            raise NotConfirmed("; ".join(self._trouble))

    def keep_alive(self) -> None:
        """Answer the broker's heartbeats while there is nothing to publish."""
        self._connection.heartbeat_check()
        try:
            self._connection.drain_events(timeout=0.001)
        except TimeoutError:
            return

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _send(self, message: Outgoing) -> None:
        amqp_message = self._channel.prepare_message(
            message.body,
            content_type="application/json",
            content_encoding="utf-8",
            headers=message.headers,
            properties={"delivery_mode": 2, "message_id": message.id, "type": message.type},
        )
        self._last_tag += 1
        self._open.add(self._last_tag)
        self._channel.basic_publish(
            amqp_message,
            exchange=message.exchange,
            routing_key=message.routing_key or message.type,
            mandatory=message.mandatory,
        )

    def _acknowledged(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._open = {one for one in self._open if one > tag}
        else:
            self._open.discard(tag)

    def _refused(self, tag: int, multiple: bool) -> None:
        self._trouble.append(f"the broker refused message {tag} (multiple: {multiple})")

    def _returned(self, error: Exception, exchange: str, routing_key: str, _message: Any) -> None:
        self._trouble.append(f"no queue takes {routing_key!r} from {exchange!r}: {error}")

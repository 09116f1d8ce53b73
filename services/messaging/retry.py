"""What becomes of a message whose handler failed: a later attempt, or the dead letters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from services.messaging import metrics
from services.messaging.publisher import Outgoing
from services.messaging.topology import PAUSES_SECONDS, dead_letter_queue, retry_queue

ATTEMPTS = "x-casewire-attempts"
ERROR = "x-casewire-error"
LONGEST_ERROR = 2000


@dataclass(frozen=True)
class Delivery:
    """A message as the broker gave it to one queue."""

    queue: str
    id: str
    type: str
    body: bytes
    headers: dict[str, Any] = field(default_factory=dict)


def put_off(delivery: Delivery, error: Exception) -> Outgoing:
    """The same message for the retry queue that is next, or for the dead letters."""
    attempts = int(delivery.headers.get(ATTEMPTS, 0)) + 1
    if attempts > len(PAUSES_SECONDS):
        return give_up(delivery, error)
    metrics.RETRIED.labels(delivery.queue).inc()
    queue = retry_queue(delivery.queue, PAUSES_SECONDS[attempts - 1])
    return _to_queue(delivery, queue.name, attempts, error)


def give_up(delivery: Delivery, error: Exception) -> Outgoing:
    """The message for the dead-letter queue, with what was wrong."""
    metrics.DEAD.labels(delivery.queue).inc()
    attempts = int(delivery.headers.get(ATTEMPTS, 0)) + 1
    return _to_queue(delivery, dead_letter_queue(delivery.queue).name, attempts, error)


def _to_queue(delivery: Delivery, queue: str, attempts: int, error: Exception) -> Outgoing:
    reason = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    return Outgoing(
        delivery.id,
        delivery.type,
        delivery.body,
        exchange="",
        routing_key=queue,
        headers={ATTEMPTS: attempts, ERROR: reason},
    )

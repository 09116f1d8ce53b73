"""How many messages wait in a queue, and how many were given up."""

from __future__ import annotations

from time import monotonic
from typing import Any

from services.messaging import metrics, topology

LOOK_SECONDS = 10.0


class QueueDepths:
    """Keeps the gauges of one consumer's queues; every process of it shows the same numbers."""

    def __init__(self, queue_name: str) -> None:
        self._queue_name = queue_name
        self._looked_at = -LOOK_SECONDS

    def observe(self, channel: Any) -> None:
        """Ask the broker, if it is time to."""
        if monotonic() - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = monotonic()
        for queue, gauge in (
            (topology.main_queue(self._queue_name), metrics.QUEUE_DEPTH),
            (topology.dead_letter_queue(self._queue_name), metrics.DEAD_LETTERS),
        ):
            waiting = queue.bind(channel).queue_declare(passive=True).message_count
            gauge.labels(self._queue_name).set(waiting)

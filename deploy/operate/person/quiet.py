"""Waiting until what was published has arrived, so that no copy is made behind our back."""

from __future__ import annotations

import time

from kombu.connection import Connection

from deploy.operate.doctor.broker import look_at
from deploy.operate.installation import outboxes
from services.messaging import topology
from services.runtime.settings import Settings

WAIT_SECONDS = 60.0
LOOK_SECONDS = 0.5
DEAD = ".dead"
LOOKS = 2  # a message may be between two queues, or in somebody's hands, at a single one


def wait_until_quiet(settings: Settings, seconds: float = WAIT_SECONDS) -> list[str]:
    """Wait for empty outboxes and queues; what is not empty at the end, in words."""
    deadline = time.monotonic() + seconds
    quiet = 0
    while True:
        busy = [*_outboxes(settings), *_queues(settings)]
        quiet = 0 if busy else quiet + 1
        if quiet == LOOKS or time.monotonic() > deadline:
            return busy
        time.sleep(LOOK_SECONDS)


def _outboxes(settings: Settings) -> list[str]:
    return [
        f"{count} in the outbox of {service}" for service, count, _ in outboxes(settings) if count
    ]


def _queues(settings: Settings) -> list[str]:
    """Dead letters wait for an operator, and are looked at by themselves."""
    names = [name for name in topology.queue_names() if not name.endswith(DEAD)]
    with Connection(settings.amqp_uri, connect_timeout=5) as connection:
        looked = {name: look_at(connection, name) for name in names}
    full = {name: queue.messages for name, queue in looked.items() if queue and queue.messages}
    return [f"{count} in {name}" for name, count in full.items()]

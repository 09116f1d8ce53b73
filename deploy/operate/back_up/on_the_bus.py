"""What only the broker knows: dead letters, and how old the messages are that wait."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from kombu.connection import Connection

from deploy.operate.doctor.broker import look_at
from services.contracts.routes import ROUTES
from services.messaging import topology
from services.messaging.dead_letters import DeadLetter, DeadLetters


def copy_dead_letters(amqp_uri: str, target: Path) -> int:
    """Write all dead letters as JSON, a line each; they stay where they are. Their number."""
    count = 0
    with target.open("w", encoding="utf-8") as file:
        for queue in ROUTES:
            for letter in DeadLetters(amqp_uri, queue).show():
                body = b64encode(letter.body).decode("ascii")
                row = {**vars(letter), "queue": queue, "body": body}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
    return count


def put_back_dead_letters(amqp_uri: str, source: Path) -> int:
    """Give them back to the dead letters; their number."""
    by_queue: dict[str, list[DeadLetter]] = {}
    for line in source.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        queue = row.pop("queue")
        letter = DeadLetter(**{**row, "body": b64decode(row["body"])})
        by_queue.setdefault(queue, []).append(letter)
    for queue, letters in by_queue.items():
        DeadLetters(amqp_uri, queue).put_back(letters)
    return sum(map(len, by_queue.values()))


def oldest_waiting(amqp_uri: str) -> datetime | None:
    """When the oldest message happened that waits for a consumer who is not there.

    Where somebody reads a queue its messages are young, and looking at one would let those
    behind it overtake it.
    """
    with Connection(amqp_uri, connect_timeout=5) as connection:
        topology.declare(connection)
        found = [moment for name in ROUTES for moment in _heads(connection, name)]
    return min(found, default=None)


def _heads(connection: Any, name: str) -> Iterator[datetime]:
    queue = look_at(connection, name)
    if queue is None or queue.consumers:
        return
    resting = [topology.retry_queue(name, pause).name for pause in topology.PAUSES_SECONDS]
    with connection.channel() as channel:  # closing it gives back what was taken
        for one in (name, *resting):
            message = channel.basic_get(one, no_ack=False)
            if message is not None:
                yield datetime.fromisoformat(json.loads(message.body)["occurred_at"])

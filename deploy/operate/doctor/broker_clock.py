"""What the broker's clock says: AMQP does not tell, but a message that expires is stamped."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

WAIT_SECONDS = 5.0


def broker_time(connection: Any) -> datetime | None:
    """The moment by the broker's clock, to the second; None when no stamp comes in time.

    RabbitMQ writes into the header `x-death` when it has moved a message to another queue.
    """
    with connection.channel() as channel:
        stamped = channel.queue_declare(exclusive=True, auto_delete=False).queue
        expiring = channel.queue_declare(
            exclusive=True,
            auto_delete=False,
            arguments={
                "x-message-ttl": 0,
                "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": stamped,
            },
        ).queue
        channel.basic_publish(channel.prepare_message(b""), exchange="", routing_key=expiring)
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            message = channel.basic_get(stamped, no_ack=True)
            if message is not None:
                told: datetime = message.headers["x-death"][0]["time"]
                return told if told.tzinfo else told.replace(tzinfo=UTC)
            time.sleep(0.05)
    return None

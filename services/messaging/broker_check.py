"""Whether the broker answers, for a service's readiness."""

from __future__ import annotations

from amqp.exceptions import AMQPError
from kombu.connection import Connection
from kombu.exceptions import OperationalError

from services.runtime.health import Check


def broker_check(amqp_uri: str) -> Check:
    """A check that connects once each time; the sentence names no password."""

    def check() -> str | None:
        try:
            with Connection(amqp_uri, connect_timeout=2) as connection:
                # connect() would sleep two seconds and try once more: too long for a probe.
                connection.ensure_connection(max_retries=0)
        except (OSError, AMQPError, OperationalError) as error:
            return f"the message broker does not answer: {error}"
        return None

    return check

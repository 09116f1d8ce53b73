"""What each service's own user may do on the broker: no more than it needs."""

from __future__ import annotations

from dataclasses import dataclass

SERVICES = ("cases", "rules", "mailgw", "reporting", "web")
# Answers of calls, and queues that end with their connection: their names cannot be guessed.
OWN_FOR_A_WHILE = r"rpc\.reply-.*|amq\.gen-.*"
CALLS = "nameko-rpc"
EVENTS = r"casewire\.events"
DEFAULT_EXCHANGE = r"amq\.default"  # by which a message is put off, or given up


@dataclass(frozen=True)
class Rights:
    """Patterns of the names of queues and exchanges, as RabbitMQ takes them."""

    configure: str
    write: str
    read: str


def rights_of(service: str) -> Rights:
    """Only the queues of its own; it publishes by the exchanges of events and of calls.

    To bind a queue RabbitMQ wants the right to write to it and to read the exchange.
    """
    own = rf"casewire\.{service}(\..*)?|rpc-{service}|{OWN_FOR_A_WHILE}"
    return Rights(
        configure=_any(own, CALLS),
        write=_any(own, CALLS, EVENTS, DEFAULT_EXCHANGE),
        read=_any(own, CALLS, EVENTS),
    )


def _any(*patterns: str) -> str:
    return f"^({'|'.join(patterns)})$"

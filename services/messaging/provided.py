"""Handing a service its wiring, and running the relay of its outbox beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from nameko.extensions import DependencyProvider

from services.messaging.relay import Relay

OBSERVE_SECONDS = 2.0


class Provided(DependencyProvider):  # type: ignore[misc]
    """Builds what `wiring` makes once a process; each worker gets the same."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self.build = build
        self.value: Any = None

    def setup(self) -> None:
        self.value = self.build()

    def get_dependency(self, worker_ctx: Any) -> Any:
        return self.value

    def stop(self) -> None:
        close = getattr(self.value, "close", None)
        if close is not None:
            close()


class Bus(DependencyProvider):  # type: ignore[misc]
    """Relays the outbox of the service's `Provided` wiring, found by its `transactions`."""

    relay: Relay

    def start(self) -> None:
        transactions = self._transactions()
        uri = self.container.config["AMQP_URI"]
        self.relay = Relay(transactions.database, transactions.outbox, uri)
        transactions.wake = self.relay.wake
        self._done = threading.Event()
        self._ended = threading.Event()
        self.container.spawn_managed_thread(self._run, identifier="relay")
        self.container.spawn_managed_thread(self._observe, identifier="outbox gauges")

    def stop(self) -> None:
        self._done.set()
        self.relay.stop()
        self._ended.wait(10)

    def get_dependency(self, worker_ctx: Any) -> Relay:
        return self.relay

    def _run(self) -> None:
        self.relay.run()
        self._ended.set()

    def _observe(self) -> None:
        while not self._done.wait(OBSERVE_SECONDS):
            self.relay.observe()

    def _transactions(self) -> Any:
        for provider in self.container.dependencies:
            if isinstance(provider, Provided):
                return provider.value.transactions
        raise RuntimeError("a service with a Bus needs a Provided whose value has transactions")

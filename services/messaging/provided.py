"""Handing a service its wiring, and running the relay of its outbox beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import structlog
from nameko.extensions import DependencyProvider
from sqlalchemy.exc import DBAPIError

from services.messaging.door import Door
from services.messaging.relay import Relay

OBSERVE_SECONDS = 2.0
FORGET_SECONDS = 3600.0

log = structlog.get_logger()


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
        self.container.spawn_managed_thread(self._forget, identifier="inbox")

    def stop(self) -> None:
        self._done.set()
        self.relay.stop()
        self._ended.wait(10)

    def get_dependency(self, worker_ctx: Any) -> Relay:
        return self.relay

    def worker_setup(self, worker_ctx: Any) -> None:
        """Tell a door that its method is about to run: nameko tells dependencies only."""
        if isinstance(worker_ctx.entrypoint, Door):
            worker_ctx.entrypoint.worker_begins(worker_ctx)

    def _run(self) -> None:
        self.relay.run()
        self._ended.set()

    def _observe(self) -> None:
        while not self._done.wait(OBSERVE_SECONDS):
            try:
                self.relay.observe()
            except DBAPIError as error:
                log.warning("the outbox cannot be measured", error=str(error))

    def _forget(self) -> None:
        """Keep the inbox small; what fails is tried again an hour later."""
        while not self._done.wait(FORGET_SECONDS):
            transactions = self._transactions()
            try:
                with transactions.database.write() as connection:
                    transactions.inbox.forget_old(connection)
            except DBAPIError as error:
                log.warning("the inbox was not tidied", error=str(error))

    def _transactions(self) -> Any:
        for provider in self.container.dependencies:
            if isinstance(provider, Provided):
                return provider.value.transactions
        raise RuntimeError("a service with a Bus needs a Provided whose value has transactions")

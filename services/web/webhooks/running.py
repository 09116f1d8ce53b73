"""What tells webhooks of events, put together: reading the bus, and sending."""

from __future__ import annotations

import threading

from services.contracts.envelope import Envelope
from services.messaging.batches import BatchReader
from services.messaging.transaction import Failure
from services.runtime.database import Database
from services.web.webhooks.dispatcher import Dispatcher
from services.web.webhooks.sending import Sender
from services.web.webhooks.take_in import take_in

QUEUE = "casewire.web"


class Webhooks:
    """Runs in threads once started; `sender` sends what a page or the API asks for."""

    def __init__(self, amqp_uri: str, database: Database, sender: Sender) -> None:
        self._database = database
        self.sender = sender
        self._reader = BatchReader(amqp_uri, QUEUE, self._take_in)
        self._dispatcher = Dispatcher(database, sender)

    def start(self) -> None:
        """Begin; to be called in the process that answers requests."""
        threading.Thread(target=self._reader.run, name="webhook events", daemon=True).start()
        self._dispatcher.start()

    def wake(self) -> None:
        """Something was put to be sent now."""
        self._dispatcher.wake()

    def stop(self, wait_seconds: float = 0.0) -> None:
        """End soon; what is being sent is sent to its end.

        Waits so long at the most until no more events are read.
        """
        self._dispatcher.stop()
        self._reader.stop(wait_seconds)

    def _take_in(self, messages: list[Envelope]) -> list[Failure]:
        failures = take_in(self._database, messages)
        self._dispatcher.wake()
        return failures

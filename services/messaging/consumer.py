"""The consumer of a nameko service: a batch reader whose method runs as a worker."""

from __future__ import annotations

from typing import Any

from eventlet.event import Event
from nameko.extensions import Entrypoint

from services.contracts.envelope import Envelope
from services.messaging.batches import BatchReader
from services.messaging.transaction import Failure

STOP_SECONDS = 15


class BatchConsumer(Entrypoint):  # type: ignore[misc]
    """Calls its method with a list of messages; it answers with the list of failures."""

    def __init__(self, queue_name: str, **kwargs: Any) -> None:
        self.queue_name = queue_name
        super().__init__(**kwargs)

    def setup(self) -> None:
        uri = self.container.config["AMQP_URI"]
        self._reader = BatchReader(uri, self.queue_name, self._call)

    def start(self) -> None:
        name = f"consumer {self.queue_name}"
        self.container.spawn_managed_thread(self._reader.run, identifier=name)

    def stop(self) -> None:
        self._reader.stop(STOP_SECONDS)

    def _call(self, messages: list[Envelope]) -> list[Failure]:
        outcome: Any = Event()

        def handle_result(_context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            outcome.send((result, exc_info))
            return result, exc_info

        self.container.spawn_worker(self, (messages,), {}, handle_result=handle_result)
        result, exc_info = outcome.wait()
        if exc_info is not None:
            raise exc_info[1]
        return result or []


consume = BatchConsumer.decorator

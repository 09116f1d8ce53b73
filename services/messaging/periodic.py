"""Work that comes round: a failed run is logged and counted, and the next one still comes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import structlog
from nameko.extensions import Entrypoint

from services.messaging import metrics

log = structlog.get_logger()


class Every(Entrypoint):  # type: ignore[misc]
    """Calls its method, waits `seconds()` and calls it again; never twice at once.

    Write `@every(seconds=...)`: nameko takes a lone function for the method to decorate.
    """

    def __init__(self, *, seconds: Callable[[], float], **kwargs: Any) -> None:
        self.seconds = seconds
        super().__init__(**kwargs)

    def setup(self) -> None:
        self._stopping = threading.Event()

    def start(self) -> None:
        self.container.spawn_managed_thread(self._run, identifier=f"every {self.method_name}")

    def stop(self) -> None:
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            finished = threading.Event()
            self.container.spawn_worker(self, (), {}, handle_result=self._reporter(finished))
            finished.wait()
            self._stopping.wait(self.seconds())

    def _reporter(self, finished: threading.Event) -> Callable[..., tuple[Any, None]]:
        def handle_result(_context: Any, result: Any, exc_info: Any) -> tuple[Any, None]:
            if exc_info is not None:
                metrics.PERIODIC_FAILURES.labels(self.method_name).inc()
                log.error("timed work failed", task=self.method_name, exc_info=exc_info)
            finished.set()
            return result, None

        return handle_result


every = Every.decorator

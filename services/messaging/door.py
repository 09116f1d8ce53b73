"""RPC as our services offer it: an answer that cannot be given ends no service."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import structlog
from nameko.rpc import Rpc

from services.messaging.call_spans import begin_answering, end_answering
from services.messaging.publisher import BUS_TROUBLE

log = structlog.get_logger()


class Door(Rpc):  # type: ignore[misc]
    """nameko's entrypoint, but for a broker that goes away while a worker has its request.

    nameko lets the whole service die of that, with all that it has in hand. Here whoever asked is
    told by his deadline, and what could not be acknowledged comes again: a command takes effect
    once.
    """

    def worker_begins(self, worker_ctx: Any) -> None:
        """The method is about to run, in this thread."""
        begin_answering(worker_ctx.service_name, self.method_name, worker_ctx.data)

    def handle_result(
        self, message: Any, worker_ctx: Any, result: Any, exc_info: Any
    ) -> tuple[Any, Any]:
        """Answer and acknowledge, as far as the broker can be reached."""
        try:
            result, exc_info = super().handle_result(message, worker_ctx, result, exc_info)
            end_answering(exc_info[1] if exc_info else None)
        except BUS_TROUBLE as error:
            log.warning("an answer was not given", method=self.method_name, error=str(error))
            end_answering(error)
            # The connection that it came by may be whole, and takes only so many at once.
            with suppress(*BUS_TROUBLE):
                self.rpc_consumer.queue_consumer.ack_message(message)
        return result, exc_info


rpc = Door.decorator

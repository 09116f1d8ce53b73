"""The bare nameko event round trip that the figures are measured against.

`python -m bench.echo_service AMQP_URI`: each "ping" event is answered by a "pong" event.
"""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import signal  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

from nameko.events import EventDispatcher, event_handler  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402


class Echo:
    """Nothing but nameko as it comes: no database, no inbox, no outbox."""

    name = "echo"
    dispatch = EventDispatcher()

    @event_handler("bench", "ping")
    def ping(self, payload: Any) -> None:
        self.dispatch("pong", payload)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run until SIGTERM."""
    runner = ServiceRunner({"AMQP_URI": sys.argv[1]})
    runner.add_service(Echo)
    signal.signal(signal.SIGTERM, _interrupt)
    runner.start()
    try:
        runner.wait()
    except KeyboardInterrupt:
        runner.stop()


if __name__ == "__main__":
    main()

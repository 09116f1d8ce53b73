"""Running a nameko service as a process that stops gracefully."""

from __future__ import annotations

import signal
import sys
from typing import Any

import eventlet
import structlog
from nameko.runners import ServiceRunner

from services.runtime import logs
from services.runtime.health import Health
from services.runtime.management import ManagementServer, PortTaken
from services.runtime.settings import Settings

LOOK_SECONDS = 0.1


def run_service(service_class: type[Any], settings: Settings, name: str, health: Health) -> None:
    """Run until SIGTERM or SIGINT, then finish what is in hand and return."""
    logs.configure(settings, name)
    log = structlog.get_logger()
    try:
        management = ManagementServer(
            settings.bind_address,
            settings.management_port_for(name),
            health,
            f"{name.upper()}_PORT",
        )
    except PortTaken as error:
        sys.exit(f"{name}: {error}")
    runner = ServiceRunner(config={"AMQP_URI": settings.amqp_uri, "max_workers": 20})
    runner.add_service(service_class)
    stop_request = StopRequest()
    management.start()
    log.info("starting")
    runner.start()
    log.info("started")
    running = eventlet.spawn(runner.wait)
    while not stop_request.made and not running.dead:
        eventlet.sleep(LOOK_SECONDS)
    if running.dead:
        running.wait()  # raises what has ended the service
    log.info("stopping")
    runner.stop()
    management.stop()
    log.info("stopped")


class StopRequest:
    """Whether SIGTERM or SIGINT has come.

    The handler only takes note: an exception would be thrown into whichever green thread
    runs at that moment, and break off the work that is to be finished.
    """

    def __init__(self) -> None:
        self.made = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._take)

    def _take(self, _number: int, _frame: object) -> None:
        self.made = True

"""Running a nameko service as a process that stops gracefully."""

from __future__ import annotations

import signal
import sys
from typing import Any

import eventlet
import structlog
from eventlet.greenthread import GreenThread
from nameko.runners import ServiceRunner

from services.runtime import logs
from services.runtime.allocation import give_memory_back
from services.runtime.collection import leave_the_start_alone
from services.runtime.health import Health
from services.runtime.management import ManagementServer, PortTaken
from services.runtime.settings import Settings

LOOK_SECONDS = 0.1
# A connection to a broker that is away cannot be closed in good order; nameko would wait for it.
FINISH_SECONDS = 20
START_SECONDS = 5


def run_service(service_class: type[Any], settings: Settings, name: str, health: Health) -> None:
    """Run until SIGTERM or SIGINT, then finish what is in hand and return."""
    give_memory_back()
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
    starting = eventlet.spawn(runner.start)
    if _ends(starting, stop_request):
        leave_the_start_alone()
        log.info("started")
        _ends(eventlet.spawn(runner.wait), stop_request)
    log.info("stopping")
    with eventlet.Timeout(START_SECONDS, exception=False):
        starting.wait()  # nameko can hang where it is stopped half-way through its start
    with eventlet.Timeout(FINISH_SECONDS, exception=False):
        runner.stop()
        log.info("stopped")
    management.stop()


def _ends(work: GreenThread, stop_request: StopRequest) -> bool:
    """Wait for the end of `work`, and raise what ended it; False when the stop comes first."""
    while not work.dead:
        if stop_request.made:
            return False
        eventlet.sleep(LOOK_SECONDS)
    work.wait()
    return True


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

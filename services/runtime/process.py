"""Running a nameko service as a process that stops gracefully."""

from __future__ import annotations

import signal
import sys
from typing import Any

import structlog
from nameko.runners import ServiceRunner

from services.runtime import logs
from services.runtime.health import Health
from services.runtime.management import ManagementServer, PortTaken
from services.runtime.settings import Settings


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
    signal.signal(signal.SIGTERM, _interrupt)
    management.start()
    log.info("starting")
    runner.start()
    log.info("started")
    try:
        runner.wait()
    except KeyboardInterrupt:
        log.info("stopping")
        runner.stop()
    management.stop()
    log.info("stopped")


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt

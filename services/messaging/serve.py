"""Running one service: `python -m services.<name> run` ends here."""

from __future__ import annotations

import sys
from importlib import import_module

from services.runtime.green import patch


def serve(name: str) -> None:
    """Run the class `Service` of `services.<name>.service` until SIGTERM or SIGINT.

    Call it before anything that opens sockets or starts threads is imported: it makes the
    standard library cooperative first, and imports the service behind that.
    """
    patch()
    from services.messaging.broker_check import broker_check
    from services.messaging.tracing import TRACING
    from services.runtime.database import open_database
    from services.runtime.health import Health
    from services.runtime.process import run_service
    from services.runtime.settings import Settings, SettingsError

    try:
        settings = Settings.load()
    except SettingsError as error:
        sys.exit(f"{name}: {error}")
    health = Health()
    health.add("database", open_database(settings, name).unreachable)
    health.add("broker", broker_check(settings.amqp_uri))
    TRACING.configure(settings, name)
    run_service(import_module(f"services.{name}.service").Service, settings, name, health)
    TRACING.close()

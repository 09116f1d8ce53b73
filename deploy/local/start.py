"""The start itself: broker, databases, services; then watch over them; then stop them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from deploy.local.addresses import ports, probes, web_address
from deploy.local.broker import Broker, choose_broker
from deploy.local.databases import SERVICES
from deploy.local.errors import CannotStart, StopAsked
from deploy.local.home import Home
from deploy.local.ports import check_ports
from deploy.local.printing import Console
from deploy.local.programs import Program
from deploy.local.readiness import Readiness
from deploy.local.stop_signal import StopSignal
from deploy.local.supervisor import Supervisor
from services.messaging.broker_check import broker_check
from services.runtime.settings import Settings, SettingsError

READY_SECONDS = 60.0


def start(console: Console, stop_signal: StopSignal) -> None:
    """Start Casewire, attend to it until asked to stop, and stop it.

    Raises CannotStart, with nothing left running.
    """
    try:
        settings = Settings.load()
    except SettingsError as error:
        raise CannotStart(str(error)) from error
    home = Home(settings.home)
    home.take()
    check_ports(settings.bind_address, ports(settings))
    broker = choose_broker(os.environ, home)
    Start(settings, home, broker, Supervisor(console, stop_signal), console).run()


class Start:
    """One start, once it is known where and with which broker."""

    def __init__(
        self,
        settings: Settings,
        home: Home,
        broker: Broker,
        supervisor: Supervisor,
        console: Console,
    ) -> None:
        self._settings = settings
        self._home = home
        self._broker = broker
        self._supervisor = supervisor
        self._console = console
        self._environment: Mapping[str, str] = {
            "LOG_LEVEL": "WARNING",  # a line for each message would bury what is said here
            **os.environ,
            "AMQP_URI": broker.uri,
            "CASEWIRE_HOME": str(home.folder),
            "PYTHONUNBUFFERED": "1",
        }

    def run(self) -> None:
        """Bring all up, attend, and at the end, however it comes, take all down."""
        try:
            self._start_broker()
            self._migrate()
            self._await_broker()
            self._start_services()
            self._announce(self._create_administrator())
            self._supervisor.attend()
        except StopAsked:
            self._console.say("stopped before all was ready")
        finally:
            self._take_down()

    def _start_broker(self) -> None:
        if not self._broker.programs:
            return
        self._console.say("starting RabbitMQ")
        for program in self._broker.programs:
            self._supervisor.start(program)
        self._home.tell_amqp_uri(self._broker.uri)

    def _migrate(self) -> None:
        self._console.say("bringing the databases to their present schema")
        self._supervisor.run_to_end(self._python("databases", "deploy.local.databases", quiet=True))

    def _await_broker(self) -> None:
        check = broker_check(self._broker.uri)
        if not self._supervisor.wait_until(lambda: check() is None, READY_SECONDS):
            raise CannotStart(f"{check()}{self._supervisor.last_lines('broker')}")

    def _start_services(self) -> None:
        self._console.say("starting the services")
        for name in SERVICES:
            self._supervisor.start(self._python(name, f"services.{name}", "run"))
        readiness = Readiness(probes(self._settings))
        try:
            if self._supervisor.wait_until(readiness.complete, READY_SECONDS):
                return
        finally:
            readiness.close()
        lines = [
            f"{name} was not ready within {READY_SECONDS:.0f} s ({why})"
            + self._supervisor.last_lines(name)
            for name, why in readiness.waiting().items()
        ]
        raise CannotStart("\n".join(lines))

    def _create_administrator(self) -> list[str]:
        """Name and password, where the web service has just made them: at the first start."""
        program = self._python("administrator", "services.web", "create-admin", quiet=True)
        said = self._supervisor.run_to_end(program)
        shown = ("name:",) if os.environ.get("CASEWIRE_ADMIN_PASSWORD") else ("name:", "password:")
        lines = [f"  {line}" for line in said if line.startswith(shown)]
        return ["The administrator (shown this once):", *lines] if lines else []

    def _announce(self, administrator: list[str]) -> None:
        address = web_address(self._settings)
        self._console.announce(f"Casewire is ready: {address}", *administrator, "Ctrl-C stops it.")

    def _take_down(self) -> None:
        self._console.say("stopping: each service finishes what it has in hand")
        self._supervisor.stop(SERVICES)
        for program in reversed(self._broker.programs):
            self._supervisor.stop([program.name])
        self._home.forget_amqp_uri()
        self._console.say("stopped")

    def _python(self, name: str, module: str, *arguments: str, quiet: bool = False) -> Program:
        command = [sys.executable, "-m", module, *arguments]
        return Program(name, command, self._environment, quiet=quiet)

"""Serving the app with gunicorn: one worker process, its threads, its management port."""

from __future__ import annotations

import signal
import socket
from types import FrameType
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from services.messaging.broker_check import broker_check
from services.messaging.tracing import TRACING
from services.runtime import logs
from services.runtime.allocation import give_memory_back
from services.runtime.collection import leave_the_start_alone
from services.runtime.health import Health
from services.runtime.management import ManagementServer, PortTaken
from services.web.app import create_app
from services.web.housekeeping import keep_house
from services.web.lanes import Lanes
from services.web.live.hub import MOST_STREAMS
from services.web.pages.live import STREAM_PATH
from services.web.settings import WebSettings
from services.web.wiring import EXTENSION, Wiring

MOST_REQUESTS = 16
# Every open stream holds a thread; what is left is for requests that wait for their turn.
THREADS = MOST_STREAMS + 4 * MOST_REQUESTS
GRACE_SECONDS = 20


def serve(settings: WebSettings) -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests in hand.

    Raises PortTaken, naming the setting, when a port is not free.
    """
    check_port_is_free(settings.bind_address, settings.web_port, "WEB_PORT")
    check_port_is_free(settings.bind_address, settings.web_management_port, "WEB_MANAGEMENT_PORT")
    GracefulArbiter(Gateway(settings)).run()


def check_port_is_free(address: str, port: int, setting: str) -> None:
    """Raises PortTaken when another program listens there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise PortTaken(
                f"port {port} is taken ({error.strerror}); set {setting} to a free one"
            ) from error


class Gateway(BaseApplication):  # type: ignore[misc]
    """gunicorn's view of us: its settings, and the app, which is made in the worker."""

    def __init__(self, settings: WebSettings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn its settings."""
        for name, value in self._settings().items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The app; connections and threads belong to the worker that asks for it."""
        give_memory_back()
        logs.configure(self.settings, "web")
        TRACING.configure(self.settings, "web")
        app = create_app()
        wiring = app.extensions[EXTENSION]
        self._open_management(wiring)
        keep_house(app)
        wiring.live.start()
        wiring.webhooks.start()
        self._stop_threads = wiring.stop_from_signal
        leave_the_start_alone()
        return Lanes(app, STREAM_PATH, MOST_REQUESTS)

    def _settings(self) -> dict[str, Any]:
        address = self.settings.bind_address
        host = f"[{address}]" if ":" in address else address
        return {
            "bind": [f"{host}:{self.settings.web_port}"],
            "workers": 1,  # the limits of an address and the management port are of one process
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": 15,
            "limit_request_line": 8190,  # the question of a list may be half as long
            "loglevel": "warning",
            "proc_name": "casewire-web",
            "post_worker_init": self._stop_well,
            "worker_exit": lambda _arbiter, _worker: TRACING.close(),
            "control_socket_disable": True,
        }

    def _stop_well(self, worker: Worker) -> None:
        """Before the requests in hand are finished the streams are ended: they never would.

        A Ctrl-C on the terminal reaches the worker, too; it would drop what it has in hand.
        """

        def stop(number: int, frame: FrameType | None) -> None:
            self._stop_threads()
            worker.handle_exit(number, frame)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)

    def _open_management(self, wiring: Wiring) -> None:
        health = Health()
        health.add("database", wiring.database.unreachable)
        health.add("broker", broker_check(self.settings.amqp_uri))
        ManagementServer(
            self.settings.bind_address,
            self.settings.web_management_port,
            health,
            "WEB_MANAGEMENT_PORT",
        ).start()


class GracefulArbiter(Arbiter):  # type: ignore[misc]
    """Ctrl-C finishes the requests in hand, as SIGTERM does."""

    def handle_int(self) -> None:
        """SIGINT."""
        self.handle_term()

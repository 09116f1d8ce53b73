"""An empty Flask page, served as the gateway is: what no page of ours can be faster than.

`python -m bench.empty_page PORT`.
"""

from __future__ import annotations

import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from services.web.server import THREADS

app = Flask(__name__)


@app.get("/")
def nothing() -> str:
    """Nothing at all."""
    return ""


class Served(BaseApplication):  # type: ignore[misc]
    """gunicorn with the settings of the gateway."""

    def load_config(self) -> None:
        """One process, its threads, connections that are kept."""
        self.cfg.set("bind", [f"127.0.0.1:{sys.argv[1]}"])
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", THREADS)
        self.cfg.set("keepalive", 15)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("control_socket_disable", True)

    def load(self) -> Any:
        """The app."""
        return app


if __name__ == "__main__":
    Served().run()

"""Asking the programs over HTTP whether they are ready, beside whatever else goes on."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0
ANSWER_SECONDS = 5


@dataclass(frozen=True)
class Probe:
    """Where to ask. Ready is an answer below 500: /readyz says 503 until it is."""

    host: str
    port: int
    path: str = "/readyz"


class Readiness:
    """Asks until each probe has found its program ready once; `close` ends it earlier."""

    def __init__(self, probes: Mapping[str, Probe]) -> None:
        self._waiting = {name: "it does not answer" for name in probes}
        self._probes = dict(probes)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._ask_all, daemon=True)
        self._thread.start()

    def complete(self) -> bool:
        """Whether all are ready."""
        return not self._waiting

    def waiting(self) -> dict[str, str]:
        """Those that are not ready yet, each with what it lacks."""
        return dict(self._waiting)

    def close(self) -> None:
        """Ask no more."""
        self._closed.set()

    def _ask_all(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while self._probes and not self._closed.wait(pause):
            pause = min(pause * 1.2, LONGEST_PAUSE_SECONDS)  # no flood where something is wrong
            for name, probe in list(self._probes.items()):
                why = _ask(probe)
                if why is None:
                    del self._probes[name]
                    del self._waiting[name]
                else:
                    self._waiting[name] = why


def _ask(probe: Probe) -> str | None:
    """None when it is ready, else what is missing."""
    connection = HTTPConnection(probe.host, probe.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", probe.path)
        answer = connection.getresponse()
        body = answer.read(10_000)
    except (OSError, HTTPException) as error:
        return f"it does not answer on port {probe.port}: {error}"
    finally:
        connection.close()
    return None if answer.status < 500 else _missing(body, answer.status)


def _missing(body: bytes, status: int) -> str:
    try:
        return "; ".join(json.loads(body)["missing"].values())
    except (ValueError, LookupError, AttributeError, TypeError):
        return f"it answers with status {status}"

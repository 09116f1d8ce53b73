"""Ports for the servers that tests start."""

from __future__ import annotations

import os
import random
import socket

# Below those that the system gives to connections, which would take a port between the moment
# it is found free and that its server listens. Each test process draws from a range of its own.
FIRST, RANGE, RANGES = 10_000, 2_500, 8


def free_port() -> int:
    """A TCP port of this machine that nobody listens on, and that no other test process draws."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    start = FIRST + int(worker) % RANGES * RANGE
    for port in random.SystemRandom().sample(range(start, start + RANGE), 100):
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError(f"no port is free from {start} to {start + RANGE}")


_given: set[int] = set()

"""How fast a bare nameko event goes to a service and its answer comes back."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from kombu.connection import Connection
from kombu.entity import Exchange, Queue
from nameko.standalone.events import event_dispatcher

ROOT = Path(__file__).parents[2]
ONE_BY_ONE = 300
AT_ONCE = 3000


@dataclass(frozen=True)
class RoundTrip:
    """Median of one at a time, in milliseconds; many at once, a second."""

    milliseconds: float
    a_second: float


def measure_round_trip(amqp_uri: str) -> RoundTrip:
    """Start the echo service, measure, and stop it."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "bench.echo_service", amqp_uri],
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        return _measure(amqp_uri)
    finally:
        process.terminate()
        process.wait(30)


def _measure(amqp_uri: str) -> RoundTrip:
    exchange = Exchange("echo.events", type="topic", durable=True)
    queue = Queue("bench.pongs", exchange=exchange, routing_key="pong", exclusive=True)
    dispatch = event_dispatcher({"AMQP_URI": amqp_uri})
    with Connection(amqp_uri) as connection:
        # The service declares it when it starts; what is sent before must not fail.
        Exchange("bench.events", type="topic", durable=True)(connection.default_channel).declare()
        seen: list[float] = []
        consumer = connection.Consumer([queue], no_ack=True)
        consumer.register_callback(lambda body, message: seen.append(time.perf_counter()))
        with consumer:
            _until_it_answers(connection, dispatch, seen)
            times = []
            for number in range(ONE_BY_ONE):
                begin, wanted = time.perf_counter(), len(seen) + 1
                dispatch("bench", "ping", number)
                _drain(connection, seen, wanted)
                times.append(seen[-1] - begin)
            begin, wanted = time.perf_counter(), len(seen) + AT_ONCE
            for number in range(AT_ONCE):
                dispatch("bench", "ping", number)
            _drain(connection, seen, wanted)
            return RoundTrip(median(times) * 1000, AT_ONCE / (seen[-1] - begin))


def _until_it_answers(connection: Connection, dispatch: object, seen: list[float]) -> None:
    deadline = time.monotonic() + 30
    while not seen and time.monotonic() < deadline:
        dispatch("bench", "ping", 0)  # type: ignore[operator]
        try:
            connection.drain_events(timeout=0.5)
        except TimeoutError:
            continue
    try:
        while True:
            connection.drain_events(timeout=0.5)
    except TimeoutError:
        return


def _drain(connection: Connection, seen: list[float], wanted: int) -> None:
    while len(seen) < wanted:
        connection.drain_events(timeout=30)

"""Half an hour of mails and pages at a steady rate, and the memory of each process meanwhile.

`PYTHONPATH=.:tests .venv/bin/python -W ignore -m bench.soak --minutes 30 --mails-a-second 10`; not
a part of `make bench`. The start is measured when everything has been used once, some minutes in.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import cycle
from pathlib import Path

from bench.office import furnish_office
from bench.signed_in import signed_in
from bench.whole_path import WholePath
from support.broker import BrokerServer
from support.postgresql import PostgresqlServer
from support.process_group import members
from support.system import RunningSystem

MINUTES = 30.0
WARM_MINUTES = 3.0
MAILS_A_SECOND = 10.0
PAGES_A_SECOND = 2.0
LOOKS = 10
# All that is asked again and again by agents, and by those who watch.
PAGES = ("/cases", "/cases?q=order&sort=last_action", "/cases/101", "/report", "/calendar")


def measure_soak(minutes: float, mails_a_second: float, *, on_postgresql: bool) -> None:
    """Print what each process holds ten times over, and by how much that grew."""
    broker = BrokerServer()
    server = PostgresqlServer() if on_postgresql else None
    try:
        broker.start()
        settings = {}
        if server is not None:
            server.start()
            settings["DATABASE_URL"] = server.url
        with tempfile.TemporaryDirectory(prefix="casewire-soak-") as folder:
            system = RunningSystem(Path(folder), broker.new_vhost("soak"), **settings)
            with system.running():
                _soak(system, minutes, mails_a_second)
    finally:
        if server is not None:
            server.destroy()
        broker.destroy()


def _soak(system: RunningSystem, minutes: float, mails_a_second: float) -> None:
    furnish_office(system)
    path, agent = WholePath(system), Agent(system)
    path.flood(200)
    stopping = threading.Event()
    with ThreadPoolExecutor(2) as workers:
        work = [
            workers.submit(_steadily, mails_a_second, path.feed_one, stopping),
            workers.submit(_steadily, PAGES_A_SECOND, agent.look, stopping),
        ]
        try:
            held = _watch(system, minutes, work)
        finally:
            stopping.set()
    mails, pages = (one.result() for one in work)
    print(f"{mails} mails and {pages} pages in {minutes:g} minutes")
    for name, first in held[0].items():
        last = held[-1][name]
        print(f"{name:<10} {first:4.0f} -> {last:4.0f} MB = {last / first:.2f} times")


def _watch(
    system: RunningSystem, minutes: float, work: list[Future[int]]
) -> list[dict[str, float]]:
    """What each service held, from when all was warm to the end; ends early when the work does."""
    begin = time.monotonic()
    moments = [
        WARM_MINUTES * 60 + look * (minutes - WARM_MINUTES) * 60 / LOOKS
        for look in range(LOOKS + 1)
    ]
    held: list[dict[str, float]] = []
    for moment in moments:
        while time.monotonic() < begin + moment and not any(one.done() for one in work):
            time.sleep(0.5)
        held.append({name: _megabytes(process.pid) for name, process in system.processes.items()})
        figures = "  ".join(f"{name} {value:.0f}" for name, value in held[-1].items())
        print(f"{(time.monotonic() - begin) / 60:5.1f} min, MB: {figures}", flush=True)
    return held


def _steadily(a_second: float, act: Callable[[], None], stopping: threading.Event) -> int:
    """How often it acted until it was stopped; it catches up where it was held up."""
    begin, done = time.monotonic(), 0
    while not stopping.wait(max(0.0, begin + done / a_second - time.monotonic())):
        act()
        done += 1
    return done


class Agent:
    """One who is signed in, and opens one page after the other."""

    def __init__(self, system: RunningSystem) -> None:
        self._session = signed_in(system)
        self._web = system.web
        self._pages = cycle(PAGES)

    def look(self) -> None:
        """Open the next page; raises requests.HTTPError when it is refused."""
        self._session.get(self._web + next(self._pages), timeout=30).raise_for_status()


def _megabytes(group: int) -> float:
    """What all processes of a group hold for themselves and share by halves (PSS)."""
    total = 0.0
    for process in members(group):
        with suppress(OSError):  # it has just ended
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += int(next(one for one in lines if one.startswith("Pss:")).split()[1])
    return total * 1024 / 1e6


def main() -> int:
    """Soak alone."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--mails-a-second", type=float, default=MAILS_A_SECOND)
    parser.add_argument("--postgresql", action="store_true")
    chosen = parser.parse_args()
    measure_soak(chosen.minutes, chosen.mails_a_second, on_postgresql=chosen.postgresql)
    return 0


if __name__ == "__main__":
    sys.exit(main())

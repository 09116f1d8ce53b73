"""Mails through the whole path with one, two and three processes of each service, on PostgreSQL.

By itself: `PYTHONPATH=.:tests .venv/bin/python -W ignore -m bench.replicas --mails 2000`. How much
of the machine is in use stands beside each figure: where that is all of it, more processes have
nothing left to be faster with. With `--core 0.1` each process has a tenth of a core to itself, as
if there were ten times as many, slower ones: there growth shows on a small machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.office import furnish_office
from bench.round_trip import RoundTrip, measure_round_trip
from bench.slow_cores import NoSlowCores, slow_cores
from bench.whole_path import WholePath
from support.broker import BrokerServer
from support.postgresql import PostgresqlServer
from support.system import RunningSystem

MAILS = 2000
NUMBERS = (1, 2, 3)
SHARED = ("cases", "rules", "mailgw", "reporting")
SLOW_CORE = 0.1
SLOW_MAILS = 600


def measure_replicas(mails: int = MAILS, core: float | None = None) -> None:
    """Print mails a second for each number, beside one process of each and a bare round trip.

    `core`: the share of a core that each process has to itself. Raises NoSlowCores where it
    cannot be held to that.
    """
    broker, server = BrokerServer(), PostgresqlServer()
    try:
        broker.start()
        server.start()
        bare = measure_round_trip(broker.uri)
        each = "" if core is None else f", {core:g} of a core for each process"
        print(f"replicas, {os.cpu_count()} cores{each}, {mails} mails flooded, PostgreSQL")
        alone = 0.0
        for number in NUMBERS:
            a_second, busy = _measure(broker, server, number, mails, core)
            alone = alone or a_second
            _tell(number, a_second, busy, alone, bare)
    finally:
        server.destroy()
        broker.destroy()


def measure_replicas_on_slow_cores() -> None:
    """The same with a part of a core for each process; where that cannot be had, say so."""
    try:
        measure_replicas(SLOW_MAILS, SLOW_CORE)
    except NoSlowCores as error:
        print(f"replicas on slow cores: not measured, {error}")


def _tell(number: int, a_second: float, busy: float, alone: float, bare: RoundTrip) -> None:
    print(
        f"  {number} of each: {a_second:.0f} mails/s = {a_second / alone:.2f} of one of each,",
        end="",
    )
    print(f" {a_second / bare.a_second:.3f} of the bare events/s; machine {busy:.0%} busy")


def _measure(
    broker: BrokerServer, server: PostgresqlServer, number: int, mails: int, core: float | None
) -> tuple[float, float]:
    """Mails a second, and the share of all cores that was in use."""
    name = f"replicas_{number}"
    # What is given is taken back last, when nobody uses it any more.
    with ExitStack() as given, ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="casewire-replicas-"))
        settings = {"DATABASE_URL": server.new_database(name)}
        system = RunningSystem(Path(home), broker.new_vhost(name), **settings)
        stack.enter_context(system.running())
        for called in [
            system.start_replica(service, copy)
            for service in SHARED
            for copy in range(2, number + 1)
        ]:
            system.wait_until_ready(called)
        furnish_office(system)
        if core is not None:
            cores = given.enter_context(slow_cores(core))
            for called, process in system.processes.items():
                if not called.startswith("web"):
                    cores.give(process.pid)
        path = WholePath(system)
        path.flood(mails // 10)  # warm
        idle, begin = _idle_seconds(), time.perf_counter()
        a_second = path.flood(mails).a_second
        wall = time.perf_counter() - begin
        in_all = wall * (os.cpu_count() or 1)
        return a_second, 1 - (_idle_seconds() - idle) / in_all


def _idle_seconds() -> float:
    """What all cores together have idled since the machine started, waiting for disks included."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()
    return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Measure alone."""
    parser = argparse.ArgumentParser(prog="python -m bench.replicas")
    parser.add_argument("--mails", type=int, default=MAILS)
    parser.add_argument("--core", type=float, help="the share of a core that each process has")
    given = parser.parse_args()
    try:
        measure_replicas(given.mails, given.core)
    except NoSlowCores as error:
        print(f"No process can be held to a part of a core here: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`make bench`: speed and memory of the main job, beside a bare nameko round trip.

Every figure is printed with its ratio to the round trip measured in the same run, for the
machine alone says little.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.case_lists import measure_case_lists
from bench.desk import measure_desk
from bench.mail_lists import measure_mail_lists
from bench.mail_memory import measure_mail_memory
from bench.mail_peers import measure_mail_peers
from bench.office import furnish_office
from bench.rehearsal import measure_rehearsals
from bench.replicas import measure_replicas, measure_replicas_on_slow_cores
from bench.reports import measure_reports
from bench.round_trip import RoundTrip, measure_round_trip
from bench.rules_engine import measure_rules
from bench.sending_window import measure_sending_window
from bench.whole_path import WholePath
from support.broker import BrokerServer
from support.system import RunningSystem

from services.messaging.rpc_client import RpcClient

FLOOD = 3000
STEADY_A_SECOND = 62.5
STEADY_SECONDS = 30
CALLS = 2000
CALLERS = 4
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Measure and print; 0 when all came through."""
    broker = BrokerServer()
    broker.start()
    with tempfile.TemporaryDirectory(prefix="casewire-bench-") as home:
        try:
            bare = measure_round_trip(broker.uri)
            print(f"bare nameko round trip: {bare.milliseconds:.2f} ms, {bare.a_second:.0f}/s")
            measure_rules(round_trip_ms=bare.milliseconds)
            measure_rehearsals()
            measure_case_lists()
            measure_mail_lists()
            measure_sending_window()
            measure_mail_memory()
            measure_mail_peers()
            measure_desk()
            measure_reports()
            measure_replicas()
            measure_replicas_on_slow_cores()
            with RunningSystem(Path(home), broker.new_vhost("bench")).running() as system:
                _run(system, bare, broker.pid)
        finally:
            broker.destroy()
    return 0


def _run(system: RunningSystem, bare: RoundTrip, broker_pid: int) -> None:
    client = RpcClient(system.environment["AMQP_URI"], timeout_seconds=30)
    furnish_office(system)
    path = WholePath(system)
    path.flood(200)  # warm
    used = _cpu_seconds(system, broker_pid)
    begin = time.perf_counter()
    flood = path.flood(FLOOD)
    wall = time.perf_counter() - begin
    print(f"whole path, flooded: {flood.a_second:.0f} mails/s", end="")
    print(f" = {flood.a_second / bare.a_second:.3f} of the bare events/s")
    for name, seconds in _cpu_seconds(system, broker_pid).items():
        spent = seconds - used[name]
        print(f"  {name:<10} {spent / wall:5.0%} of a core, {spent / FLOOD * 1000:.2f} ms a mail")
    steady = path.stream(STEADY_A_SECOND, STEADY_SECONDS)
    print(f"whole path, {STEADY_A_SECOND} mails/s:", end="")
    for percent in (50, 95, 99):
        value = steady.percentile(percent)
        print(f" p{percent} {value:.0f} ms ({value / bare.milliseconds:.0f} round trips)", end="")
    print()
    _calls(client, bare)
    for name, process in system.processes.items():
        print(f"memory {name:<10} {_resident_megabytes(process.pid):.0f} MB resident")


def _calls(client: RpcClient, bare: RoundTrip) -> None:
    def call(_: int) -> None:
        client.call("cases", "get_case", number=101)

    with ThreadPoolExecutor(CALLERS) as callers:
        list(callers.map(call, range(100)))
        begin = time.perf_counter()
        list(callers.map(call, range(CALLS)))
        a_second = CALLS / (time.perf_counter() - begin)
    print(f"RPC get_case, {CALLERS} callers: {a_second:.0f}/s", end="")
    print(f" = {a_second / bare.a_second:.2f} of the bare events/s")


def _cpu_seconds(system: RunningSystem, broker_pid: int) -> dict[str, float]:
    """Processor time used by each service, by RabbitMQ and by this process, in seconds."""
    leaders = {name: process.pid for name, process in system.processes.items()}
    leaders |= {"RabbitMQ": broker_pid}
    used = dict.fromkeys(leaders, 0.0)
    groups = {pid: name for name, pid in leaders.items()}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        name = groups.get(int(fields[2]))
        if name is not None:
            used[name] += (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND
    return used | {"the bench": time.process_time()}


def _resident_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())

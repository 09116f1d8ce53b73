"""Pages and API under fifty people at once, among very many cases, beside an empty Flask page.

By itself: `python -m bench.desk --cases 100000 [--postgresql]`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import requests
from bench.bulk_insert import Bulk
from bench.case_lists import percentile
from bench.first_load import first_loads
from bench.many_cases import SEED, People, fill
from bench.signed_in import signed_in
from support.broker import BrokerServer
from support.ports import free_port
from support.postgresql import PostgresqlServer
from support.system import PASSWORD, ROOT, RunningSystem, wait_for

from services.cases import tables
from services.cases.store import row_of
from services.contracts.cases import CaseSnapshot, Ref
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.migration import migrate_database

CASES = 100_000
MEETINGS = 2_000
CLIENTS = 50
EVERY_SECONDS = 2.0
SECONDS = 30
ANSWERS = 20  # of each case that is opened
OPENED = 20
LISTS = (
    "/cases?state=draft&state=open&state=pending",
    "/cases?sort=last_action",
    "/cases?q=printer",
)


def measure_desk(cases: int = CASES, *, on_postgresql: bool = False) -> None:
    """Print the figures of each page, and what the first load weighs."""
    broker = BrokerServer()
    broker.start()
    server = PostgresqlServer() if on_postgresql else None
    try:
        with tempfile.TemporaryDirectory(prefix="casewire-bench-") as folder:
            settings = {}
            if server is not None:
                server.start()
                settings["DATABASE_URL"] = server.url
            home = Path(folder) / "home"
            home.mkdir()
            _fill(home, server, cases)
            system = RunningSystem(home, broker.new_vhost("desk"), **settings)
            with system.running():
                print(f"{CLIENTS} clients, each a page every {EVERY_SECONDS:g} s, ", end="")
                print(f"{cases} cases on {'PostgreSQL' if server else 'SQLite'}")
                _measure(system, cases)
    finally:
        if server is not None:
            server.destroy()
        broker.destroy()


def _fill(home: Path, server: PostgresqlServer | None, count: int) -> None:
    url = server.url if server else f"sqlite:///{home / 'cases.sqlite3'}"
    database = Database(url, schema="cases" if server else None)
    migrate_database(database, "cases")
    people = fill(database, count)
    _add_meetings(database, people, count)
    database.close()


def _add_meetings(database: Database, people: People, behind: int) -> None:
    """So many in the month around now, an hour or two each."""
    random, moment = Random(SEED), now()
    rows = []
    for place in range(MEETINGS):
        day = moment.replace(day=1, hour=7, minute=0, second=0, microsecond=0)
        user = random.choice(people.users)
        case = CaseSnapshot(
            number=tables.FIRST_NUMBER + behind + place,
            version=1,
            subject=f"Meeting {place}",
            state="open",
            kind="meeting",
            responsible=Ref(id=user.id, name=user.name),
            created_at=moment,
            last_action_at=moment,
            state_since=moment,
            start=day + timedelta(days=random.randrange(28), minutes=30 * random.randrange(20)),
            duration_minutes=random.choice([30, 60, 90]),
        )
        rows.append({**row_of(case), "number": case.number, "description": "", "messages": 0})
    with Bulk(database) as bulk:
        bulk.insert(tables.cases, rows)


def _measure(system: RunningSystem, cases: int) -> None:
    opened = [tables.FIRST_NUMBER + cases - 1 - 7 * place for place in range(OPENED)]
    _write_discussions(system, opened)
    month = now().replace(day=1)
    begin, end = f"{month:%Y-%m}-01T00:00:00", f"{month + timedelta(days=31):%Y-%m}-01T00:00:00"
    cookie = "; ".join(f"{one.name}={one.value}" for one in signed_in(system).cookies)
    token = requests.post(
        f"{system.web}/api/v1/tokens", json={"name": "admin", "password": PASSWORD}, timeout=30
    ).json()["token"]
    pages = [("list", path) for path in LISTS]
    pages += [("case", f"/cases/{number}") for number in opened[:3]]
    pages += [("month of calendar", f"/calendar/events?begin={begin}&end={end}")]
    api = [("API list", "/api/v1/cases?state=open"), ("API case", f"/api/v1/cases/{opened[0]}")]
    with _empty_page() as empty:
        bare = _waited(empty, [("empty page", "/")], {})["empty page"]
    print(
        f"  {'empty Flask page':<20} p50 {median(bare):6.1f} ms  p95 {percentile(bare, 95):6.1f} ms"
    )
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip"}
    found = _waited(system.web, pages, headers)
    found |= _waited(system.web, api, {"Authorization": f"Bearer {token}"})
    for name, times in found.items():
        p50, p95 = median(times), percentile(times, 95)
        ratio = f"{p50 / median(bare):5.1f} / {p95 / percentile(bare, 95):5.1f} empty pages"
        print(f"  {name:<20} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms = {ratio}")
    for path, weight in first_loads(
        system.web, (LISTS[0], f"/cases/{opened[0]}", "/calendar")
    ).items():
        print(f"  first load of {path.partition('?')[0]:<14} {weight:6.0f} kB over the wire")


def _write_discussions(system: RunningSystem, numbers: list[int]) -> None:
    api = system.api()
    for number in numbers:
        for entry in range(ANSWERS):
            text = f"What was tried, attempt {entry}.\n" * 8
            api.post(f"/cases/{number}/messages", 201, kind="note", text=text)


def _waited(
    base: str, pages: list[tuple[str, str]], headers: dict[str, str]
) -> dict[str, list[float]]:
    """The milliseconds of each page by its name."""
    given: dict[str, Any] = {"base": base, "pages": pages, "headers": headers}
    given |= {"clients": CLIENTS, "every": EVERY_SECONDS, "seconds": SECONDS}
    answered = _python("bench.desk_clients", input=json.dumps(given))
    found: dict[str, list[float]] = json.loads(answered.stdout)
    return found


@contextmanager
def _empty_page() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "bench.empty_page", str(port)], env=_environment()
    )
    base = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return requests.get(base, timeout=5).ok
        except requests.ConnectionError:
            return False

    try:
        wait_for(answers, "the empty page")
        yield base
    finally:
        process.terminate()
        process.wait(30)


def _python(module: str, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", module]
    return subprocess.run(
        command, env=_environment(), check=True, text=True, stdout=subprocess.PIPE, **more
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--postgresql", action="store_true")
    chosen = parser.parse_args()
    measure_desk(chosen.cases, on_postgresql=chosen.postgresql)

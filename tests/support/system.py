"""All five services as processes of their own, on a broker and databases of the tests' own."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import requests
from support.nursery import NURSERIES, ServiceProcess
from support.ports import free_port

ROOT = Path(__file__).parents[2]
SERVICES = ("cases", "rules", "mailgw", "reporting", "web")
PASSWORD = "a password for the tests"
PATIENCE_SECONDS = 120.0
Found = TypeVar("Found")

MIGRATE = """
from services.runtime.migration import migrate
from services.runtime.settings import Settings
for name in {names!r}:
    migrate(Settings.load(), name)
"""


def wait_for(
    look: Callable[[], Found | None], what: str, patience_seconds: float = PATIENCE_SECONDS
) -> Found:
    """What `look` answers once it is true; raises AssertionError naming what did not come."""
    deadline = time.monotonic() + patience_seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come within {patience_seconds:g} s")
        time.sleep(0.05)


class Api:
    """The JSON API as a program uses it; every answer but the expected one is a failure."""

    def __init__(self, base: str) -> None:
        self.base = f"{base}/api/v1"
        self._session = requests.Session()

    def sign_in(self, name: str = "admin", password: str = PASSWORD) -> Api:
        """Carry this user's token from now on."""
        token = self.post("/tokens", 201, name=name, password=password)["token"]
        self._session.headers["Authorization"] = f"Bearer {token}"
        return self

    def get(self, path: str, expected: int = 200, **query: Any) -> Any:
        return self._answer("GET", path, expected, params=query)

    def all_of(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every item of a list, page by page."""
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, **query, **cursor)
            yield from page["items"]
            if not page["next"]:
                return
            cursor = {"cursor": page["next"]}

    def post(self, path: str, expected: int = 201, **body: Any) -> Any:
        return self._answer("POST", path, expected, json=body)

    def patch(self, path: str, expected: int = 200, **body: Any) -> Any:
        return self._answer("PATCH", path, expected, json=body)

    def delete(self, path: str, expected: int = 204) -> Any:
        return self._answer("DELETE", path, expected)

    def _answer(self, method: str, path: str, expected: int, **more: Any) -> Any:
        answer = self._session.request(method, self.base + path, timeout=30, **more)
        assert answer.status_code == expected, (
            f"{method} {path}: {answer.status_code} {answer.text}"
        )
        return answer.json() if answer.content else None


class RunningSystem:
    """Starts, kills and stops the services; their logs are in the home folder."""

    def __init__(self, home: Path, amqp_uri: str, **settings: str) -> None:
        self.home = home
        self.ports = {name: free_port() for name in (*SERVICES, "web_management")}
        self.processes: dict[str, subprocess.Popen[bytes] | ServiceProcess] = {}
        self.environment = {
            **os.environ,
            "CASEWIRE_HOME": str(home),
            "AMQP_URI": amqp_uri,
            "CASEWIRE_ADMIN_PASSWORD": PASSWORD,
            "FETCH_INTERVAL_SECONDS": "0.5",
            **{f"{name.upper()}_PORT": str(port) for name, port in self.ports.items()},
            **settings,
        }

    @property
    def web(self) -> str:
        """The address of the web service."""
        return f"http://127.0.0.1:{self.ports['web']}"

    def api(self) -> Api:
        """The API, signed in as the administrator."""
        return Api(self.web).sign_in()

    @contextmanager
    def running(self) -> Iterator[RunningSystem]:
        """Started, and stopped gracefully at the end; what a failing test leaves is killed."""
        try:
            self.start()
            yield self
            self.stop()
        finally:
            for name in list(self.processes):
                self.kill(name)

    def start(self) -> None:
        """Migrate, make the administrator, start every service and wait until all are ready."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._make_databases()
        for name in SERVICES:
            self.start_service(name)
        for name in SERVICES:
            self.wait_until_ready(name)

    def _make_databases(self) -> None:
        """Those of a new system are a copy of what was made once: to make them takes seconds."""
        as_usual = (
            "DATABASE_URL" not in self.environment
            and self.environment["CASEWIRE_ADMIN_PASSWORD"] == PASSWORD
        )
        if as_usual and not any(self.home.iterdir()):
            shutil.copytree(_new_home(), self.home, dirs_exist_ok=True)
        else:
            self.make_databases()

    def make_databases(self) -> None:
        """Migrate all, and make the administrator: the keys in them are like no other system's."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._python("-c", MIGRATE.format(names=SERVICES))
        self._python("-m", "services.web", "create-admin")

    def start_service(self, name: str, *, days_ahead: float = 0) -> None:
        """Start one service without waiting for it; its clock may be ahead of the others'."""
        self._spawn(name, _module(name, days_ahead), {})

    def start_replica(
        self, name: str, number: int, *, days_ahead: float = 0, tree: Path = ROOT
    ) -> str:
        """Start one more process of a service, on ports of its own; by what it is called here.

        It may be of another version, whose sources are in `tree`.
        """
        called = f"{name}-{number}"
        self.ports |= {called: free_port(), f"{called}_management": free_port()}
        settings = {f"{name.upper()}_PORT": str(self.ports[called])}
        if name == "web":
            settings["WEB_MANAGEMENT_PORT"] = str(self.ports[f"{called}_management"])
        self._spawn(called, _module(name, days_ahead), settings, tree)
        return called

    def _spawn(self, name: str, module: list[str], more: dict[str, str], tree: Path = ROOT) -> None:
        """Run a module as this service, with `more` settings than all have."""
        path = os.pathsep.join([str(tree), str(ROOT / "tests")])
        environment = {**self.environment, **more, "PYTHONPATH": path}
        log = self.log_path(name)
        if NURSERIES.are_open and module[0].startswith("services.") and tree == ROOT:
            nursery = NURSERIES.of(module[0].removeprefix("services."))
            self.processes[name] = nursery.start(module, environment, log)
            return
        with log.open("ab") as output:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *module],
                cwd=tree,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait_until_ready(self, name: str) -> None:
        """Wait for /readyz of one service; raises AssertionError with its log's end."""

        def ready() -> bool:
            if self.processes[name].poll() is not None:
                raise AssertionError(f"{name} ended:\n{self.log(name)[-3000:]}")
            try:
                return requests.get(self._management(name) + "/readyz", timeout=5).ok
            except requests.ConnectionError:
                return False

        wait_for(ready, f"readiness of {name}")

    def kill(self, name: str) -> None:
        """kill -9 of one service and all its processes."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes.pop(name).wait(10)

    def stop(self, *names: str) -> None:
        """Stop all, or these, gracefully; raises AssertionError when one does not end well."""
        stopped = {name: self.processes[name] for name in names or self.processes}
        for process in stopped.values():
            process.send_signal(signal.SIGTERM)
        ends = {name: process.wait(30) for name, process in stopped.items()}
        for name in stopped:
            del self.processes[name]
        assert set(ends.values()) <= {0}, f"exit codes {ends}"

    def deliver(self, raw: bytes, *arguments: str, tree: Path = ROOT) -> int:
        """Hand a mail over by pipe; answers the exit code."""
        command = [sys.executable, "-m", "services.mailgw", "deliver", *arguments]
        return subprocess.run(
            command, cwd=tree, env=self.environment, input=raw, check=False
        ).returncode

    def metric(self, service: str, name: str, **labels: str) -> float:
        """The sum of a metric over all its label sets that carry these labels; 0 if absent."""
        text = requests.get(self._management(service) + "/metrics", timeout=5).text
        total = 0.0
        for line in text.splitlines():
            found = re.fullmatch(rf"{name}(\{{.*\}})? (\S+)", line)
            if found and all(f'{k}="{v}"' in (found[1] or "") for k, v in labels.items()):
                total += float(found[2])
        return total

    def log_path(self, name: str) -> Path:
        """Where the log of a service is."""
        return self.home / f"{name}.log"

    def log(self, name: str) -> str:
        """All that a service wrote to its log."""
        return self.log_path(name).read_text(errors="replace")

    def run_module(self, *arguments: str, tree: Path = ROOT) -> str:
        """The output of a command of the project, which has to succeed."""
        return self._python("-m", *arguments, tree=tree)

    def _management(self, name: str) -> str:
        port = self.ports[f"{name}_management" if name.startswith("web") else name]
        return f"http://127.0.0.1:{port}"

    def _python(self, *arguments: str, tree: Path = ROOT) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=tree, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout


def _module(service: str, days_ahead: float) -> list[str]:
    """What runs a service, by a clock that is so far ahead."""
    module = [f"services.{service}", "run"]
    moved = ["support.moved_clock", str(days_ahead * 86400)]
    return [*moved, *module] if days_ahead else module


@cache
def _new_home() -> Path:
    """A home of databases without a case, made once in this process."""
    folder = Path(tempfile.mkdtemp(prefix="casewire-new-home-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    RunningSystem(folder, "amqp://nowhere").make_databases()
    return folder

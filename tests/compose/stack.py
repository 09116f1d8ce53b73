"""The containers of compose.yaml, brought up by podman-compose in the order it asks for.

podman 4.3 neither waits for health nor runs health checks without systemd, so both are done here:
each service is started once what it depends on has completed or is healthy, as the file says.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterable
from graphlib import TopologicalSorter
from typing import Any

import yaml

from compose.places import DEPLOY, STORAGE, WORK, ComposeTestError, run

PROJECT = "casewire-test"
PODMAN = ("podman", *STORAGE, "--runtime=runc")
# What containers may open and start on this machine, which grants no more; and, as with Docker,
# no folder that may be written but those that the file names.
LIMITS = "--ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --read-only-tmpfs=false"
PATIENCE_SECONDS = 180
LEFT_OUT = ("grafana", "operator")  # the one is not to be had, the other a command


class Stack:
    """One project of podman-compose, with the settings of an `.env` of the run's own."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.settings = settings
        self.file: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
        self.services: dict[str, Any] = self.file["services"]

    def up(self, *names: str, recreate: bool = False, scale: dict[str, int] | None = None) -> None:
        """Start these services, or all, each once what it needs is there."""
        wanted = set(names) or set(self.services) - set(LEFT_OUT)
        for name in self._order():
            if name not in wanted:
                continue
            for needed, how in self._needs(name).items():
                self.wait_for(needed, how)
            options = ["--force-recreate"] if recreate else []
            for scaled, count in (scale or {}).items():
                options += ["--scale", f"{scaled}={count}"]
            self.compose("up", "-d", "--no-build", "--no-deps", *options, name)

    def wait_for(self, name: str, condition: str) -> None:
        """Until all containers of a service are healthy, or have ended well."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not all([self._is(one, condition) for one in self.containers(name)] or [False]):
            if time.monotonic() > deadline:
                logs = "\n".join(self.logs(one)[-3000:] for one in self.containers(name))
                raise ComposeTestError(f"{name} did not come to be {condition}:\n{logs}")
            time.sleep(0.5)

    def containers(self, service: str) -> list[str]:
        """The names of its containers, whether they run or not."""
        label = f"label=com.docker.compose.service={service}"
        project = f"label=com.docker.compose.project={PROJECT}"
        found = self.podman(
            "ps", "-a", "--filter", label, "--filter", project, "--format", "{{.Names}}"
        )
        return sorted(found.split())

    def inspect(self, container: str) -> Any:
        """All that podman knows of it."""
        return json.loads(self.podman("inspect", container))[0]

    def logs(self, container: str) -> str:
        """What it has written, both streams."""
        done = subprocess.run(
            [*PODMAN, "logs", container], capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    def execute(self, container: str, *command: str, stdin: str | None = None) -> str:
        """The output of a command in a running container."""
        return run(*PODMAN, "exec", *(("-i",) if stdin else ()), container, *command, stdin=stdin)

    def run_once(self, service: str, *command: str) -> str:
        """What `docker compose run --rm` of a service writes."""
        return self.compose("run", "-T", "--no-deps", "--rm", service, *command)

    def podman(self, *command: str) -> str:
        """The output of podman. Raises ComposeTestError."""
        return run(*PODMAN, *command)

    def compose(self, *command: str) -> str:
        """The output of podman-compose. Raises ComposeTestError."""
        env_file = WORK / "settings.env"
        env_file.write_text("".join(f"{name}={value}\n" for name, value in self.settings.items()))
        program = WORK / "tools" / "bin" / "podman-compose"
        arguments = [f"--podman-args={one}" for one in PODMAN[1:]]
        arguments += [f"--podman-run-args={LIMITS}", f"--env-file={env_file}", "-p", PROJECT]
        arguments += ["--profile", "demo", "--profile", "operator"]
        arguments += ["-f", str(DEPLOY / "compose.yaml")]
        path = os.environ["PATH"]
        return run("env", f"PATH={path}", str(program), *arguments, *command)

    def down(self) -> None:
        """Remove containers, networks and volumes.

        podman-compose forgets replicas that were asked for at an earlier call.
        """
        project = f"label=com.docker.compose.project={PROJECT}"
        for one in self.podman("ps", "-a", "--quiet", "--filter", project).split():
            self.podman("rm", "--force", "--time", "10", one)
        self.compose("down", "--volumes", "--timeout", "10")

    def _is(self, container: str, condition: str) -> bool:
        try:
            state = self.inspect(container)["State"]
        except ComposeTestError:  # it ended while it was looked at, as one that starts again does
            return False
        if condition == "service_completed_successfully":
            if state["Status"] == "exited" and state["ExitCode"] != 0:
                raise ComposeTestError(f"{container} failed:\n{self.logs(container)[-3000:]}")
            return bool(state["Status"] == "exited")
        checked = subprocess.run(
            [*PODMAN, "healthcheck", "run", container], capture_output=True, check=False
        )
        return checked.returncode == 0

    def _order(self) -> Iterable[str]:
        return TopologicalSorter({name: self._needs(name) for name in self.services}).static_order()

    def _needs(self, name: str) -> dict[str, str]:
        needed = self.services[name].get("depends_on", {})
        return {one: how["condition"] for one, how in needed.items()}

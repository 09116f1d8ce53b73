"""What happens to a system that runs: it grows, parts of it die, it is brought to a new version."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from typing import Any

import requests

from compose.company import PORTS, Company, wait_for
from compose.images import build_ours
from compose.main_job import each_is_one_case, send_many
from compose.places import ComposeTestError
from compose.stack import Stack

REPLICAS = {"cases": 3, "rules": 2, "mailgw": 2, "reporting": 2, "web": 2}
OURS = ("cases", "rules", "mailgw", "reporting", "web")
MIGRATIONS = tuple(f"migrate-{name}" for name in OURS)
ONE_SHOTS = ("passwords", "database", "broker", *MIGRATIONS, "administrator")
MAILS = 60


def is_watched(replicas: dict[str, int]) -> str:
    """Prometheus reaches so many of each service, and the broker."""
    wanted = {**dict.fromkeys(OURS, 1), **replicas}

    def reached() -> bool:
        found: dict[str, int] = {}
        for target in _targets():
            if target["health"] == "up":
                service = target["labels"].get("service", target["labels"]["job"])
                found[service] = found.get(service, 0) + 1
        return found == {**wanted, "rabbitmq": 1}

    wait_for(reached, f"targets of Prometheus as {wanted}", 120)
    return f"{sum(wanted.values()) + 1} targets up"


def scaled(stack: Stack, company: Company) -> str:
    """Every service several times; each mail is one case all the same."""
    for name, count in REPLICAS.items():
        stack.up(name, scale={name: count})
        stack.wait_for(name, "service_healthy")
        if len(stack.containers(name)) != count:
            raise ComposeTestError(f"{name}: {stack.containers(name)}")
    each_is_one_case(company, "Scaled", send_many(company, "Scaled", MAILS))
    return f"{MAILS} mails, {MAILS} cases; {REPLICAS}"


def killed(stack: Stack, company: Company) -> str:
    """kill -9 of a container of each service while mails come; they come back by themselves."""
    subjects = send_many(company, "Killed", MAILS)
    victims = [stack.containers(name)[0] for name in OURS]
    before = {name: stack.inspect(name)["State"]["Pid"] for name in victims}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    for name in victims:
        wait_for(lambda name=name: _came_back(stack, name, before[name]), f"{name} again")  # type: ignore[misc]
    for name in OURS:
        stack.wait_for(name, "service_healthy")
    each_is_one_case(company, "Killed", subjects)
    return f"{len(victims)} containers killed; {MAILS} mails, {MAILS} cases"


def broker_restarted(stack: Stack, company: Company) -> str:
    """The broker stops and starts while mails come."""
    (broker,) = stack.containers("rabbitmq")
    subjects = send_many(company, "Broker", MAILS)
    stack.podman("restart", "--time", "60", broker)
    stack.wait_for("rabbitmq", "service_healthy")
    for name in OURS:
        stack.wait_for(name, "service_healthy")
    each_is_one_case(company, "Broker", subjects)
    return f"{MAILS} mails, {MAILS} cases"


def upgraded(stack: Stack, company: Company) -> str:
    """A new version is built, migrated and takes over, while mails come."""
    build_ours("two")
    stack.settings["CASEWIRE_VERSION"] = "two"
    subjects = send_many(company, "Upgraded", MAILS)
    stack.up(*ONE_SHOTS, recreate=True)
    for name in OURS:
        stack.up(name, recreate=True, scale={name: REPLICAS[name]})
    for name in OURS:
        stack.wait_for(name, "service_healthy")
        for container in stack.containers(name):
            if not stack.inspect(container)["ImageName"].endswith("casewire:two"):
                raise ComposeTestError(f"{container} runs the old version")
    each_is_one_case(company, "Upgraded", subjects)
    return f"{MAILS} mails, {MAILS} cases"


def stopped(stack: Stack, containers: Iterable[str]) -> str:
    """Each ends by itself with exit code 0 when it is told to stop."""
    ends: dict[str, int] = {}
    for container in containers:
        stack.podman("stop", "--time", "60", container)
        ends[container] = stack.inspect(container)["State"]["ExitCode"]
    if set(ends.values()) != {0}:
        raise ComposeTestError(f"exit codes {ends}")
    return f"{len(ends)} containers ended with 0"


def _came_back(stack: Stack, name: str, pid: int) -> bool:
    state = stack.inspect(name)["State"]
    return bool(state["Running"] and state["Pid"] != pid)


def _targets() -> list[Any]:  # as Prometheus' API lists them
    address = f"http://127.0.0.1:{PORTS['PROMETHEUS_PORT']}/api/v1/targets"
    return list(requests.get(address, timeout=30).json()["data"]["activeTargets"])

"""The web gateway and the real cases service, each a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.system import Api, RunningSystem


@pytest.fixture(scope="module")
def system(own_broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    made = RunningSystem(tmp_path_factory.mktemp("web"), own_broker, RPC_TIMEOUT_SECONDS="3")
    for name in ("cases", "web"):
        made.run_module(f"services.{name}", "migrate")
    made.run_module("services.web", "create-admin")
    try:
        for name in ("cases", "web"):
            made.start_service(name)
        for name in ("cases", "web"):
            made.wait_until_ready(name)
        yield made
        made.stop()
    finally:
        for name in list(made.processes):
            made.kill(name)


@pytest.fixture
def api(system: RunningSystem) -> Api:
    """The API, signed in as the administrator."""
    return system.api()

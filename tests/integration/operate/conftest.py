"""The operators' commands on a running system, or on databases without one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.broker import BrokerServer
from support.system import RunningSystem

from deploy.operate.__main__ import main

Command = Callable[..., int]


@pytest.fixture(scope="session")
def system(
    broker: BrokerServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSystem]:
    """A system on SQLite for all that leave it as it was."""
    made = RunningSystem(
        tmp_path_factory.mktemp("operated") / "home",
        broker.new_vhost("operated"),
        RAW_MAIL_DAYS="30",
    )
    with made.running():
        yield made


@pytest.fixture
def casewire(system: RunningSystem, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run an operator's command beside the system; answers the exit code."""
    return command_for(system.environment, monkeypatch)


def command_for(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """The same for any settings."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str | Path) -> int:
        return main([str(one) for one in arguments])

    return run

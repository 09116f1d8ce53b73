"""Fixtures for tests at every height."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from support.broker import BrokerServer
from support.nursery import NURSERIES
from support.postgresql import PostgresqlServer

from services.runtime.database import Database
from services.runtime.identity import new_id

ROOT = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole systems first: were the longest tests the last, all would wait for one of them."""
    heights = [ROOT / name for name in ("faults", "journeys", "integration")]

    def place(item: pytest.Item) -> int:
        found = [height in item.path.parents for height in heights]
        return found.index(True) if True in found else len(found)

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def nurseries() -> Iterator[None]:
    """Services of whole systems start quickly."""
    with NURSERIES.open():
        yield


@pytest.fixture(scope="session")
def broker() -> Iterator[BrokerServer]:
    """A running private RabbitMQ node."""
    server = BrokerServer()
    try:
        server.start()
        yield server
    finally:
        server.destroy()


@pytest.fixture(scope="module")
def own_broker(broker: BrokerServer, request: pytest.FixtureRequest) -> str:
    """The address of a virtual host for this test module alone: its queues are its own."""
    return broker.new_vhost(request.module.__name__.rpartition(".")[2])


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A running private PostgreSQL cluster."""
    server = PostgresqlServer()
    try:
        server.start()
        yield server
    finally:
        server.destroy()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database, once of each make."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'test.sqlite3'}")
        yield made
        made.close()
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    schema = f"test_{new_id().replace('-', '')}"
    made = Database(server.url, schema=schema)
    with made.write() as connection:
        connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    yield made
    with made.write() as connection:
        connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
    made.close()

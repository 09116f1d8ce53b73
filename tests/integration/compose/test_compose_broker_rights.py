"""O3: on the broker each service's user of the compose file does its work and no other's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from amqp.exceptions import AccessRefused
from kombu.connection import Connection
from support.broker import BrokerServer

from deploy.compose.definitions import HOST, OPERATOR, definitions, password_hash
from deploy.compose.rights import SERVICES
from services.contracts.routes import ROUTES
from services.messaging import topology
from services.messaging.publisher import Outgoing, Publisher
from services.messaging.rpc_client import RpcClient

PASSWORDS = {name: f"password of {name}".replace(" ", "-") for name in (OPERATOR, *SERVICES)}


@pytest.fixture(scope="module")
def host(broker: BrokerServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerServer]:
    path = tmp_path_factory.mktemp("definitions") / "definitions.json"
    path.write_text(definitions(PASSWORDS))
    broker.import_definitions(path)
    with connected(broker, "cases") as connection, pytest.raises(AccessRefused):
        topology.declare(connection)  # nobody has declared the queues yet
    topology.declare_for(uri(broker, OPERATOR))
    yield broker


def uri(broker: BrokerServer, user: str) -> str:
    return f"amqp://{user}:{PASSWORDS[user]}@127.0.0.1:{broker.port}/{HOST}"


def connected(broker: BrokerServer, user: str) -> Connection:
    return Connection(uri(broker, user), connect_timeout=5)


def test_O3_a_password_is_hashed_as_rabbitmq_documents_it() -> None:
    known = "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
    assert password_hash("test12", bytes.fromhex("908dc60a")) == known


@pytest.mark.parametrize("service", SERVICES)
def test_O3_a_service_declares_reads_and_puts_off_its_own(host: BrokerServer, service: str) -> None:
    name = f"casewire.{service}"
    with connected(host, service) as connection:
        topology.declare(connection)
        topology.declare_own(connection, name)
        channel = connection.channel()
        channel.basic_get(name)
        topology.own_queue(("case.created",)).bind(channel).declare()
    publisher = Publisher(uri(host, service))
    publisher.publish(
        [
            Outgoing("1", "case.created", "{}"),
            Outgoing("2", "case.created", "{}", exchange="", routing_key=f"{name}.retry.600"),
        ]
    )
    publisher.close()
    RpcClient(uri(host, service), timeout_seconds=3).close()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("act", ["basic_get", "queue_delete", "queue_purge"])
def test_O3_a_service_touches_no_queue_of_another(
    host: BrokerServer, service: str, act: str
) -> None:
    others = [name for name in ROUTES if name != f"casewire.{service}"]
    with connected(host, service) as connection:
        for queue in [q for name in others for q in (name, f"{name}.dead", f"{name}.retry.1")]:
            with pytest.raises(AccessRefused):
                getattr(connection.channel(), act)(queue)

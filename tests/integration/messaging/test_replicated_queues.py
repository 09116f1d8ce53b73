"""O2: queues for a broker of several nodes: what they promise, on a real one."""

from __future__ import annotations

import pytest
from kombu.connection import Connection
from support.broker import BrokerServer
from support.system import wait_for

from services.contracts.routes import ROUTES
from services.messaging import topology
from services.messaging.dead_letters import DeadLetters
from services.messaging.publisher import Outgoing, Publisher
from services.messaging.retry import Delivery, put_off

QUEUE = "casewire.rules"


@pytest.fixture(scope="module")
def uri(broker: BrokerServer) -> str:
    """A virtual host where all queues are declared so, before any service comes."""
    made = broker.new_vhost("replicated")
    topology.declare_for(made, replicated=True)
    return made


def test_O2_all_are_replicated_and_a_service_leaves_them_so(uri: str, broker: BrokerServer) -> None:
    with Connection(uri) as connection:
        topology.declare(connection)
        topology.declare_own(connection, QUEUE)
        topology.declare_all(connection)  # as one that knows nothing of it would
    listed = broker.control("list_queues", "-p", "replicated", "--no-table-headers", "name", "type")
    kinds = dict(line.split() for line in listed.splitlines())
    assert len(kinds) == len(ROUTES) * (2 + len(topology.PAUSES_SECONDS))
    assert set(kinds.values()) == {"quorum"}


def test_O2_a_message_that_is_put_off_comes_back(uri: str) -> None:
    publisher = Publisher(uri)
    delivery = Delivery(QUEUE, "put-off", "case.created", b"{}", {})
    publisher.publish([put_off(delivery, ValueError("later"))])
    publisher.close()
    assert wait_for(lambda: taken(uri, acknowledge=True), "the message") == "put-off"


def test_O2_a_message_over_which_processes_die_ends_with_the_dead_letters(uri: str) -> None:
    publisher = Publisher(uri)
    publisher.publish([Outgoing("deadly", "case.created", b"{}", exchange="", routing_key=QUEUE)])
    publisher.close()
    for _ in range(topology.MOST_DELIVERIES + 1):
        assert wait_for(lambda: taken(uri, acknowledge=False), "the message") == "deadly"
    letters = wait_for(lambda: DeadLetters(uri, "rules").show(), "a dead letter")
    assert [(one.id, "never acknowledged" in one.error) for one in letters] == [("deadly", True)]
    assert taken(uri, acknowledge=False) is None
    assert DeadLetters(uri, "rules").retry() == 1
    assert wait_for(lambda: taken(uri, acknowledge=True), "the message again") == "deadly"


def taken(uri: str, *, acknowledge: bool) -> str | None:
    """The id of the next message; a connection that closes gives back what it has."""
    with Connection(uri) as connection:
        message = topology.main_queue(QUEUE).bind(connection.default_channel).get(no_ack=False)
        if message is None:
            return None
        if acknowledge:
            message.ack()
        return str(message.properties["message_id"])

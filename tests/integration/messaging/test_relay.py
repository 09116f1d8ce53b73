"""The relay against a real broker: in order, confirmed, and through a broker that goes away."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu.connection import Connection
from sqlalchemy import MetaData
from support.broker import BrokerServer

from services.contracts.directory import User, UserChanged
from services.messaging import topology
from services.messaging.inbox import inbox_table
from services.messaging.outbox import outbox_table
from services.messaging.publisher import NotConfirmed, Outgoing, Publisher
from services.messaging.relay import Relay
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.identity import new_id

QUEUE = "casewire.reporting"


def user_changed(number: int) -> UserChanged:
    user = User(id=number, login=f"user{number}", name="Demo User")
    return UserChanged(id=new_id(), occurred_at=now(), data=user)


@pytest.fixture
def transactions(tmp_path: Path) -> Iterator[Transactions]:
    metadata = MetaData()
    outbox, inbox = outbox_table(metadata), inbox_table(metadata)
    database = Database(f"sqlite:///{tmp_path / 'relay.sqlite3'}")
    metadata.create_all(database.engine)
    yield Transactions(database, outbox, inbox)
    database.close()


@pytest.fixture
def relay(transactions: Transactions, broker: BrokerServer) -> Iterator[Relay]:
    with Connection(broker.uri) as connection:
        topology.declare(connection)
        for name in ("casewire.reporting", "casewire.rules"):
            topology.main_queue(name).bind(connection.default_channel).purge()
    relay = Relay(transactions.database, transactions.outbox, broker.uri)
    transactions.wake = relay.wake
    thread = threading.Thread(target=relay.run)
    thread.start()
    yield relay
    relay.stop()
    thread.join(20)
    assert not thread.is_alive()


def received(broker: BrokerServer, wanted: int, patience_seconds: float) -> list[str]:
    """The message ids that come out of the queue, in order."""
    ids: list[str] = []
    deadline = time.monotonic() + patience_seconds
    with Connection(broker.uri) as connection:
        queue = topology.main_queue(QUEUE).bind(connection.default_channel)
        while len(ids) < wanted and time.monotonic() < deadline:
            message = queue.get(no_ack=True)
            if message is None:
                time.sleep(0.02)
            else:
                ids.append(str(message.properties["message_id"]))
    return ids


def publish(transactions: Transactions, numbers: range) -> list[str]:
    events = [user_changed(number) for number in numbers]
    for event in events:
        with transactions.begin() as transaction:
            transaction.publish(event)
    return [event.id for event in events]


def test_messages_arrive_in_the_order_of_their_commits(
    transactions: Transactions, relay: Relay, broker: BrokerServer
) -> None:
    sent = publish(transactions, range(1, 301))
    assert received(broker, 300, 20) == sent
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with transactions.database.read() as connection:
            if transactions.outbox.waiting(connection) == (0, None):
                return
        time.sleep(0.02)
    pytest.fail("confirmed messages were not marked sent")


def test_a_broker_that_goes_away_and_comes_back_loses_nothing(
    transactions: Transactions, relay: Relay, broker: BrokerServer
) -> None:
    before = publish(transactions, range(1, 21))
    assert received(broker, 20, 20) == before
    broker.stop()
    try:
        meanwhile = publish(transactions, range(21, 61))
        time.sleep(10)
    finally:
        broker.start()
    ids = received(broker, 40, 60)
    assert list(dict.fromkeys(ids)) == meanwhile


def test_a_message_that_no_queue_takes_is_not_confirmed(broker: BrokerServer) -> None:
    publisher = Publisher(broker.uri)
    try:
        with pytest.raises(NotConfirmed, match="no queue takes"):
            publisher.publish([Outgoing(new_id(), "nobody.listens", "{}")])
    finally:
        publisher.close()

"""A relay killed between publish and mark: sent twice, and one effect each."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from kombu.connection import Connection
from sqlalchemy import Column, Integer, MetaData, Table, select
from support.broker import BrokerServer

from services.contracts.directory import User, UserChanged
from services.contracts.envelope import Envelope
from services.contracts.messages import read_message
from services.messaging import topology
from services.messaging.inbox import inbox_table
from services.messaging.outbox import outbox_table
from services.messaging.relay import Relay
from services.messaging.transaction import Transaction, Transactions
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.identity import new_id

QUEUE = "casewire.rules"
ROOT = Path(__file__).parents[2]
COUNT = 25


def user_changed(number: int) -> UserChanged:
    user = User(id=number, login=f"user{number}", name="Demo User")
    return UserChanged(id=new_id(), occurred_at=now(), data=user)


def received(broker: BrokerServer, wanted: int) -> list[Envelope]:
    """Exactly what the queue holds once it holds at least `wanted` messages."""
    messages: list[Envelope] = []
    deadline = time.monotonic() + 30
    with Connection(broker.uri) as connection:
        queue = topology.main_queue(QUEUE).bind(connection.default_channel)
        while time.monotonic() < deadline:
            message = queue.get(no_ack=True)
            if message is not None:
                messages.append(read_message(message.properties["type"], message.body))
            elif len(messages) >= wanted:
                break
            else:
                time.sleep(0.05)
    return messages


def test_each_message_has_one_effect(tmp_path: Path, broker: BrokerServer) -> None:
    metadata = MetaData()
    outbox, inbox = outbox_table(metadata), inbox_table(metadata)
    effects = Table("effects", metadata, Column("user_id", Integer))
    path = tmp_path / "relay.sqlite3"
    database = Database(f"sqlite:///{path}")
    metadata.create_all(database.engine)
    transactions = Transactions(database, outbox, inbox)
    with Connection(broker.uri) as connection:
        topology.declare(connection)
        topology.main_queue(QUEUE).bind(connection.default_channel).purge()
    with transactions.begin() as transaction:
        for number in range(COUNT):
            transaction.publish(user_changed(number))

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    program = [sys.executable, "-m", "support.dying_relay", f"sqlite:///{path}", broker.uri]
    assert subprocess.run(program, env=environment, timeout=60, check=False).returncode == -9
    with database.read() as connection:
        assert transactions.outbox.waiting(connection)[0] == COUNT

    relay = Relay(database, transactions.outbox, broker.uri)
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        messages = received(broker, 2 * COUNT)
    finally:
        relay.stop()
        thread.join(20)
    assert len(messages) == 2 * COUNT

    def effect(transaction: Transaction, message: Envelope) -> None:
        transaction.connection.execute(effects.insert().values(user_id=message.data.id))

    assert transactions.take_effect(messages, effect) == []
    with database.read() as connection:
        recorded = sorted(connection.scalars(select(effects.c.user_id)))
    assert recorded == list(range(COUNT))
    database.close()

"""Webhooks of a running gateway: over a real broker, and with what it needs taken away."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from kombu.connection import Connection
from prometheus_client import REGISTRY
from support.broker import BrokerServer
from support.dying_webhooks import SHORT_LEASE, webhooks_of
from support.postgresql import PostgresqlServer
from support.system import wait_for
from support.webhook_receiver import Received, WebhookReceiver, receiving
from unit.web.webhook_builders import case_event

from services.contracts.cases import CaseEvent
from services.messaging import topology
from services.messaging.publisher import Outgoing, Publisher
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.migration import migrate_database
from services.web.access.seal import Seal
from services.web.webhooks import deliveries, posting, store
from services.web.webhooks.running import QUEUE

ROOT = Path(__file__).parents[2]
TRIES = "casewire_webhook_tries_total"
Start = Callable[[Database], None]


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def start(broker: BrokerServer) -> Iterator[Start]:
    """Starts the webhooks of one more gateway; all are stopped at the end."""
    with Connection(broker.uri) as connection:
        topology.declare(connection)
        topology.main_queue(QUEUE).bind(connection.default_channel).purge()
    with ExitStack() as open_ones:

        def start_one(database: Database) -> None:
            made = webhooks_of(database, broker.uri)
            made.start()
            open_ones.callback(made.stop, 10)  # or it would read what the next test sends

        yield start_one


def prepare(database: Database, receiver: WebhookReceiver) -> tuple[int, str]:
    """A webhook for the receiver: its id and its secret."""
    migrate_database(database, "web")
    fields = {
        "name": "Billing",
        "address": receiver.address,
        "event_types": ["case.updated"],
        "section_id": None,
        "active": True,
    }
    seal = Seal(["a key"], store.SEAL_PURPOSE)
    with database.write() as connection:
        made, secret = store.add_webhook(connection, seal, 1, fields, now())
    return made.id, secret


def send(broker: BrokerServer, events: list[CaseEvent]) -> None:
    publisher = Publisher(broker.uri)
    publisher.publish([Outgoing(one.id, one.type, one.model_dump_json()) for one in events])
    publisher.close()


def wait_until_all_are_delivered(database: Database, webhook_id: int, count: int) -> None:
    until = time.monotonic() + 40
    while True:
        with database.read() as connection:
            found = deliveries.list_deliveries(connection, webhook_id, "delivered", limit=1000)
        if len(found) >= count:
            return
        assert time.monotonic() < until, f"{len(found)} of {count} were delivered in time"
        time.sleep(0.05)


def test_O3_two_replicas_tell_each_event_once_and_a_doubled_one_too(
    database: Database, broker: BrokerServer, start: Start, receiver: WebhookReceiver
) -> None:
    webhook, secret = prepare(database, receiver)
    events = [case_event() for _ in range(60)]
    before = REGISTRY.get_sample_value(TRIES, {"outcome": "delivered"}) or 0
    start(database)
    start(database)
    send(broker, events)
    send(broker, events[:20])
    wait_until_all_are_delivered(database, webhook, len(events))
    time.sleep(1.5)
    assert sorted(receiver.ids) == sorted(one.id for one in events)
    assert all(one.is_signed_by(secret) for one in receiver.received)
    assert REGISTRY.get_sample_value(TRIES, {"outcome": "delivered"}) == before + len(events)
    wait_for(lambda: REGISTRY.get_sample_value("casewire_webhooks_waiting") == 0, "an empty gauge")
    assert REGISTRY.get_sample_value("casewire_webhooks_oldest_age_seconds") == 0


def test_O3_after_500_and_after_a_time_out_it_is_sent_again(
    database: Database,
    broker: BrokerServer,
    start: Start,
    receiver: WebhookReceiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(posting, "READ_SECONDS", 0.5)
    seen: set[str] = set()

    def answer(received: Received) -> int:
        if received.id in seen:
            return 200
        seen.add(received.id)
        if received.id == slow.id:
            time.sleep(1.5)
        return 500

    receiver.answer = answer
    webhook, _ = prepare(database, receiver)
    slow, failing = case_event(), case_event()
    start(database)
    send(broker, [slow, failing])
    wait_until_all_are_delivered(database, webhook, 2)
    assert sorted(receiver.ids) == sorted([slow.id, slow.id, failing.id, failing.id])
    with database.read() as connection:
        assert {one.tries for one in deliveries.list_deliveries(connection, webhook)} == {2}


def test_O3_killed_between_sending_and_keeping_it_is_sent_again_under_the_same_id(
    tmp_path: Path, broker: BrokerServer, start: Start, receiver: WebhookReceiver
) -> None:
    path = tmp_path / "web.sqlite3"
    database = Database(f"sqlite:///{path}")
    webhook, _ = prepare(database, receiver)
    event = case_event()
    send(broker, [event])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    dying = [sys.executable, "-m", "support.dying_webhooks", str(path), broker.uri]
    assert subprocess.run(dying, env=environment, timeout=60, check=False).returncode == -9
    assert receiver.ids == [event.id]
    killed_at = time.monotonic()
    start(database)
    wait_until_all_are_delivered(database, webhook, 1)
    assert receiver.ids == [event.id, event.id]
    assert receiver.received[0].body == receiver.received[1].body
    waited = receiver.received[1].at - killed_at
    assert waited > SHORT_LEASE.total_seconds() - 2, "not while the dead one still had it"


def test_O3_a_broker_that_was_away_loses_nothing(
    tmp_path: Path, broker: BrokerServer, start: Start, receiver: WebhookReceiver
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'web.sqlite3'}")
    webhook, _ = prepare(database, receiver)
    start(database)
    before, after = case_event(), case_event()
    send(broker, [before])
    wait_until_all_are_delivered(database, webhook, 1)
    broker.stop()
    with database.write() as connection:
        (sent,) = deliveries.list_deliveries(connection, webhook)
        deliveries.send_again(connection, webhook, sent.id, now())
    receiver.wait_for(2)  # what is in the database goes out without a broker
    broker.start()
    send(broker, [after])
    wait_until_all_are_delivered(database, webhook, 2)
    assert receiver.ids == [before.id, before.id, after.id]


def test_O3_a_database_that_was_away_loses_nothing(
    broker: BrokerServer, start: Start, receiver: WebhookReceiver
) -> None:
    server = PostgresqlServer()
    server.start()
    try:
        database = Database(server.url, schema="web")
        webhook, _ = prepare(database, receiver)
        start(database)
        first, second = case_event(), case_event()
        send(broker, [first])
        wait_until_all_are_delivered(database, webhook, 1)
        server.stop()
        send(broker, [second])
        time.sleep(2)
        assert receiver.ids == [first.id]
        server.start_again()
        wait_until_all_are_delivered(database, webhook, 2)
        assert receiver.ids == [first.id, second.id]
    finally:
        database.close()
        server.destroy()

"""The service as it runs: events in by the broker, orders out by the broker, doors by RPC."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from kombu.connection import Connection
from kombu.entity import Queue
from support.broker import BrokerServer
from support.ports import free_port
from unit.rules.rules_builders import A6, ACME, CONTRACT, GOLD, HIGH, created, snapshot

from services.contracts.envelope import Envelope
from services.contracts.errors import InvalidRequest, NotFound, ServiceAway
from services.messaging import topology
from services.messaging.publisher import Outgoing, Publisher
from services.messaging.rpc_client import RpcClient
from services.runtime.clock import now
from services.runtime.identity import new_id

ROOT = Path(__file__).parents[3]
PATH = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
# What cases and reporting would take; the test takes it in their stead.
LISTENING = Queue("test.rules.orders", durable=False, auto_delete=False)


class Running:
    """The rules service as a process of its own."""

    def __init__(self, home: Path, broker: BrokerServer) -> None:
        self.port = free_port()
        self._environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "PYTHONPATH": PATH,
            "CASEWIRE_HOME": str(home),
            "AMQP_URI": broker.uri,
            "RULES_PORT": str(self.port),
        }
        self.run("migrate")
        self.process = self._popen("-m", "services.rules", "run")

    def run(self, *arguments: str) -> str:
        """A command to its end; what it printed."""
        program = [sys.executable, "-m", "services.rules", *arguments]
        done = subprocess.run(
            program, env=self._environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def stand_in(self, broker: BrokerServer) -> subprocess.Popen[bytes]:
        return self._popen("-m", "integration.rules.rules_cases_stand_in", broker.uri)

    def _popen(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, *arguments], env=self._environment)

    def metrics(self) -> list[str]:
        """The service's own metrics, a line each."""
        text = requests.get(f"http://127.0.0.1:{self.port}/metrics", timeout=5).text
        return [line for line in text.splitlines() if line.startswith("casewire_")]

    def metric(self, name: str) -> float:
        """The value of a metric without labels."""
        lines = [line.split() for line in self.metrics() if line.startswith(f"{name} ")]
        return float(lines[0][1])


def wait_for(
    condition: Callable[[], Any], seconds: float = 30, told: Callable[[], object] = lambda: ""
) -> Any:
    """What the condition answers, once that is true; `told` says what is known where it is not."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"it did not come about in time {told()}"
        time.sleep(0.05)
    return found


def is_answering(client: RpcClient) -> bool:
    try:
        client.call("rules", "list_rules")
    except ServiceAway:
        return False
    return True


@pytest.fixture
def client(broker: BrokerServer) -> Iterator[RpcClient]:
    made = RpcClient(broker.uri, timeout_seconds=8)
    yield made
    made.close()


@pytest.fixture
def orders(broker: BrokerServer) -> Iterator[Any]:
    """The messages of the rules service, one after the other; None while there is none."""
    with Connection(broker.uri) as connection:
        topology.declare(connection)
        channel = connection.default_channel
        for name in ("casewire.rules", "casewire.cases"):
            topology.main_queue(name).bind(channel).purge()
        queue = LISTENING.bind(channel)
        queue.declare()
        for key in ("rule.fired", "rule.stopped"):
            queue.bind_to(topology.EVENTS, routing_key=key)

        def taken() -> dict[str, Any] | None:
            message = queue.get(no_ack=True)
            return json.loads(message.body) if message else None

        yield taken
        queue.delete()


@pytest.fixture
def service(tmp_path: Path, broker: BrokerServer, client: RpcClient) -> Iterator[Running]:
    running = Running(tmp_path, broker)
    wait_for(lambda: running.process.poll() is None and is_answering(client))
    yield running
    running.process.terminate()
    assert running.process.wait(30) == 0


def publish(broker: BrokerServer, *events: Envelope) -> None:
    publisher = Publisher(broker.uri)
    publisher.publish([Outgoing(one.id, one.type, one.model_dump_json()) for one in events])
    publisher.close()


def save(client: RpcClient, fields: dict[str, Any], **more: Any) -> Any:
    command = {"idempotency_key": new_id(), "fields": fields, **more}
    return client.call("rules", "save_rule", command=command)


def test_A6_an_event_becomes_an_order_and_a_timed_rule_follows_by_itself(
    service: Running, broker: BrokerServer, client: RpcClient, orders: Any
) -> None:
    gold = save(client, A6)["rule"]
    at_once = {"date": "creation", "delay": 0}
    save(client, {"name": "Timed", "trigger": at_once, "actions": [HIGH]})
    started = now()
    moments = {"created_at": started, "last_action_at": started, "state_since": started}
    case = snapshot(partner=ACME, partner_categories=[CONTRACT, GOLD], **moments)
    event = created(case)
    publish(broker, event)
    first = wait_for(orders)
    assert (first["type"], first["case_id"]) == ("rule.fired", 101)
    assert first["data"]["rule_name"] == A6["name"]
    assert [link["id"] for link in first["cause"]] == [event.id, str(gold["id"])]
    second = wait_for(orders, told=service.metrics)
    assert second["data"]["rule_name"] == "Timed"
    publish(broker, event)
    publish(broker, created(snapshot(number=102)))
    assert wait_for(orders)["case_id"] == 102
    firings = client.call("rules", "list_firings", case_number=101)
    assert [firing["firing_id"] for firing in firings] == [
        second["data"]["firing_id"],
        first["data"]["firing_id"],
    ]
    wait_for(lambda: service.metric("casewire_rules_fired_total") == 3)
    tried = client.call("rules", "try_rule", question={"id": gold["id"], "days": 1})
    assert [one["case_number"] for one in tried["items"]] == [101]
    assert service.metric("casewire_rules_rehearsals_total") == 1
    assert client.call("rules", "rule_summary", rule_id=gold["id"])["fired"] == 1
    assert client.call("rules", "list_failures") == []
    (entry,) = client.call("rules", "list_history", what="rule", key=gold["id"])
    assert entry["version"] == 1
    with pytest.raises(InvalidRequest, match="what"):
        client.call("rules", "list_history", what="user", key=1)
    assert service.metric("casewire_rules_failed_total") == 0
    assert A6["name"] in service.run("list")


def test_a_rule_is_saved_read_and_deleted_by_rpc_and_names_are_asked_of_cases(
    service: Running, broker: BrokerServer, client: RpcClient, orders: Any
) -> None:
    cases = service.stand_in(broker)
    try:
        wait_for(lambda: is_asked(client))
        with pytest.raises(InvalidRequest, match="there is no user 9"):
            save(client, {"name": "X", "actions": [{"do": "assign", "user_id": 9}]})
        rule = save(client, A6)["rule"]
    finally:
        cases.terminate()
        cases.wait(30)
    assert client.call("rules", "get_rule", id=rule["id"]) == rule
    publish(broker, created(snapshot(partner=ACME, partner_categories=[CONTRACT, GOLD])))
    assert wait_for(orders)["data"]["why"][-1] == (
        "its partner Acme is in category Support Contract / Gold"
    )
    client.call("rules", "delete_rule", id=rule["id"], version=1)
    with pytest.raises(NotFound):
        client.call("rules", "get_rule", id=rule["id"])
    with pytest.raises(InvalidRequest, match="limit"):
        client.call("rules", "list_firings", limit=0)


def test_A2_A4_calendars_and_the_order_of_rules_have_doors(
    service: Running, client: RpcClient
) -> None:
    command = {"idempotency_key": new_id(), "fields": {"name": "Office", "country": "DE"}}
    made = client.call("rules", "save_calendar", command=command)
    assert client.call("rules", "get_calendar", id=made["id"]) == made
    assert client.call("rules", "list_calendars") == [made]
    with pytest.raises(NotFound):
        client.call("rules", "get_calendar", id=99)
    germany = [one for one in client.call("rules", "list_countries") if one["code"] == "DE"]
    assert [(one["name"], "BY" in one["subdivisions"]) for one in germany] == [("Germany", True)]
    asked = {"country": "DE", "subdivision": "BY", "year": 2026}
    assert {"day": "2026-01-06", "name": "Epiphany"} in client.call(
        "rules", "list_holidays", **asked
    )
    with pytest.raises(InvalidRequest, match="year"):
        client.call("rules", "list_holidays", **{**asked, "year": 1})
    ids = [save(client, {"name": name, "actions": [HIGH]})["rule"]["id"] for name in ("a", "b")]
    order = {"idempotency_key": new_id(), "ids": ids[::-1]}
    rules = client.call("rules", "order_rules", command=order)
    assert [(rule["name"], rule["order"]) for rule in rules] == [("b", 10), ("a", 20)]


def is_asked(client: RpcClient) -> bool:
    """Whether the stand-in of cases answers."""
    try:
        return bool(client.call("cases", "list_partner_categories"))
    except ServiceAway:
        return False

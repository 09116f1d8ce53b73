"""An operator sees, retries and drops dead letters of a real broker."""

from __future__ import annotations

import pytest
from kombu.connection import Connection
from prometheus_client import REGISTRY
from support.broker import BrokerServer
from support.ports import free_port
from support.system import wait_for

from services.messaging import topology
from services.messaging.__main__ import main
from services.messaging.dead_letters import DeadLetters
from services.messaging.publisher import Publisher
from services.messaging.queue_depths import QueueDepths
from services.messaging.retry import ATTEMPTS, Delivery, put_off
from services.runtime.identity import new_id

QUEUE = "casewire.mailgw"


@pytest.fixture
def letters(broker: BrokerServer, monkeypatch: pytest.MonkeyPatch) -> DeadLetters:
    monkeypatch.setenv("AMQP_URI", broker.uri)
    with Connection(broker.uri) as connection:
        topology.declare(connection)
        for queue in (topology.main_queue(QUEUE), topology.dead_letter_queue(QUEUE)):
            queue.bind(connection.default_channel).purge()
    return DeadLetters(broker.uri, "mailgw")


def give_up(broker: BrokerServer) -> str:
    """A message after its last attempt, as the consumer leaves it."""
    tried = {ATTEMPTS: len(topology.PAUSES_SECONDS)}
    delivery = Delivery(QUEUE, new_id(), "mail.send", b"{}", tried)
    publisher = Publisher(broker.uri)
    publisher.publish([put_off(delivery, ValueError("no such section"))])
    publisher.close()
    return delivery.id


def in_main_queue(broker: BrokerServer) -> list[str]:
    ids = []
    with Connection(broker.uri) as connection:
        queue = topology.main_queue(QUEUE).bind(connection.default_channel)
        while (message := queue.get(no_ack=True)) is not None:
            assert ATTEMPTS not in message.headers
            ids.append(message.properties["message_id"])
    return ids


def test_they_are_listed_and_stay(
    letters: DeadLetters, broker: BrokerServer, capsys: pytest.CaptureFixture[str]
) -> None:
    one = give_up(broker)
    assert main(["list", "mailgw"]) == 0
    assert f"{one}  mail.send  6 attempts  ValueError: no such section" in capsys.readouterr().out
    assert [letter.id for letter in letters.show()] == [one]


def test_O1_gauges_show_how_many_wait_and_how_many_were_given_up(
    letters: DeadLetters, broker: BrokerServer
) -> None:
    def shown() -> list[float | None]:
        names = ("casewire_queue_depth", "casewire_dead_letters")
        with Connection(broker.uri) as connection:
            QueueDepths(QUEUE).observe(connection.default_channel)
        return [REGISTRY.get_sample_value(name, {"queue": QUEUE}) for name in names]

    assert shown() == [0, 0]
    ids = [give_up(broker) for _ in range(3)]
    wait_for(lambda: shown() == [0, 3], "three dead letters")
    letters.retry(ids[0])
    wait_for(lambda: shown() == [1, 2], "one that waits again")


def test_a_retried_one_is_back_in_its_queue_and_the_others_stay(
    letters: DeadLetters, broker: BrokerServer
) -> None:
    one, two = give_up(broker), give_up(broker)
    assert main(["retry", "mailgw", one]) == 0
    assert in_main_queue(broker) == [one]
    assert [letter.id for letter in letters.show()] == [two]
    assert main(["retry", "mailgw"]) == 0
    assert in_main_queue(broker) == [two]
    assert letters.show() == []


def test_a_dropped_one_is_gone(letters: DeadLetters, broker: BrokerServer) -> None:
    one, two = give_up(broker), give_up(broker)
    assert main(["drop", "mailgw", two]) == 0
    assert main(["drop", "mailgw", two]) == 1
    assert [letter.id for letter in letters.show()] == [one]


def test_an_unknown_consumer_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "nobody"]) == 2
    assert "there are cases, rules, mailgw, reporting" in capsys.readouterr().err


def test_a_broker_that_is_away_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AMQP_URI", f"amqp://guest:guest@127.0.0.1:{free_port()}/")
    assert main(["list", "cases"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("the message broker does not answer: ")
    assert said.count("\n") == 1

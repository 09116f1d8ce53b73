"""`casewire dead-letters` with a real broker."""

from __future__ import annotations

import pytest
from kombu.connection import Connection
from support.ports import free_port

from deploy.operate.__main__ import main
from services.messaging import topology
from services.messaging.publisher import Publisher
from services.messaging.retry import Delivery, give_up
from services.runtime.identity import new_id


@pytest.fixture
def letter(own_broker: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a dead letter of the rules service."""
    monkeypatch.setenv("AMQP_URI", own_broker)
    publisher = Publisher(own_broker)
    body = '{"data": {"subject": "Zürich"}}'.encode()
    delivery = Delivery("casewire.rules", new_id(), "case.created", body)
    publisher.publish([give_up(delivery, ValueError("no such section"))])
    publisher.close()
    return delivery.id


def waiting(amqp_uri: str) -> list[str]:
    with Connection(amqp_uri) as connection:
        queue = topology.main_queue("casewire.rules").bind(connection.default_channel)
        found = []
        while (message := queue.get(no_ack=True)) is not None:
            found.append(message.properties["message_id"])
        return found


def test_one_is_listed_shown_whole_retried_and_dropped(
    letter: str, own_broker: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dead-letters", "list"]) == 0
    assert f"rules  {letter}  case.created  1 attempts  ValueError" in capsys.readouterr().out
    assert main(["dead-letters", "show", "rules", letter]) == 0
    said = capsys.readouterr().out
    assert "error     ValueError: no such section" in said
    assert '    "subject": "Zürich"' in said
    assert main(["dead-letters", "retry", "rules", letter]) == 0
    assert waiting(own_broker) == [letter]
    assert main(["dead-letters", "drop", "rules", letter]) == 1
    assert "there is no dead letter" in capsys.readouterr().err


def test_dropped_it_is_gone(letter: str, own_broker: str) -> None:
    assert main(["dead-letters", "drop", "rules", letter]) == 0
    assert main(["dead-letters", "show", "rules", letter]) == 1
    assert waiting(own_broker) == []


def test_wrong_names_are_told(letter: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dead-letters", "list", "nobody"]) == 2
    assert "there are cases, rules" in capsys.readouterr().err


def test_a_broker_that_is_away_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AMQP_URI", f"amqp://guest:guest@127.0.0.1:{free_port()}/")
    assert main(["dead-letters", "list", "cases"]) == 1
    assert "the message broker does not answer" in capsys.readouterr().err

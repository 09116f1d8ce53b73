"""A door outlives a broker that goes away just when a request is answered or acknowledged."""

from __future__ import annotations

from typing import Any

import pytest
from amqp.exceptions import RecoverableConnectionError
from kombu.exceptions import OperationalError

from services.messaging.door import Door


class Consumer:
    """Stands in for nameko's: the line breaks in its hands. `acknowledged` is what it was told."""

    def __init__(self, answering: Exception | None, acknowledging: Exception | None) -> None:
        self.queue_consumer = self
        self.acknowledged: list[Any] = []
        self._answering, self._acknowledging = answering, acknowledging

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        if self._answering is not None:
            raise self._answering
        self.ack_message(message)
        return result, exc_info

    def ack_message(self, message: Any) -> None:
        if self._acknowledging is not None:
            raise self._acknowledging
        self.acknowledged.append(message)


def door_with(consumer: Consumer) -> Door:
    door = Door()
    door.rpc_consumer = consumer
    return door


def test_M12_an_acknowledgement_that_meets_a_reset_ends_nothing() -> None:
    consumer = Consumer(None, ConnectionResetError(104, "Connection reset by peer"))
    assert door_with(consumer).handle_result("message", None, 7, None) == (7, None)
    assert consumer.acknowledged == []


@pytest.mark.parametrize(
    "trouble", [OperationalError("gone"), RecoverableConnectionError("gone"), TimeoutError()]
)
def test_M12_an_answer_that_cannot_be_sent_is_acknowledged_all_the_same(trouble: Exception) -> None:
    consumer = Consumer(trouble, None)
    assert door_with(consumer).handle_result("message", None, 7, None) == (7, None)
    assert consumer.acknowledged == ["message"]


def test_M12_what_is_no_trouble_of_the_broker_is_told() -> None:
    with pytest.raises(KeyError):
        door_with(Consumer(KeyError("ours"), None)).handle_result("message", None, 7, None)

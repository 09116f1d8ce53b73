"""C3: hearing what happens while it happens, over a real broker."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from queue import Queue

import pytest
from support.broker import CONTROL, BrokerServer

from services.contracts.presence import Presence, PresenceNoted
from services.messaging.announcer import Announcer
from services.messaging.listener import Listener
from services.runtime.clock import now
from services.runtime.identity import new_id

PATIENCE_SECONDS = 20


def note(number: int) -> PresenceNoted:
    data = Presence(number=number, tab="3-a", user_id=3, name="Tom", doing="looking")
    return PresenceNoted(id=new_id(), occurred_at=now(), data=data)


@pytest.fixture
def announcer(own_broker: str) -> Iterator[Announcer]:
    made = Announcer(own_broker)
    made.start()
    yield made
    made.stop()


def heard_number(heard: Queue[tuple[str, bytes]]) -> int:
    kind, body = heard.get(timeout=PATIENCE_SECONDS)
    assert kind == "presence.noted"
    return PresenceNoted.model_validate_json(body).data.number


def test_C3_every_listener_hears_what_is_announced_and_after_a_break_it_says_so(
    own_broker: str, broker: BrokerServer, announcer: Announcer
) -> None:
    heard: list[Queue[tuple[str, bytes]]] = [Queue(), Queue()]
    begun: Queue[int] = Queue()

    def fail_once(kind: str, body: bytes) -> None:
        heard[1].put((kind, body))
        if heard[1].qsize() == 1:
            raise ValueError("of this message")

    def hear(place: int, kind: str, put: Callable[[str, bytes], None]) -> Listener:
        return Listener(own_broker, (kind,), put, lambda: begun.put(place))

    listeners = [
        hear(0, "presence.noted", lambda kind, body: heard[0].put((kind, body))),
        hear(1, "presence.noted", fail_once),
        hear(2, "case.created", lambda kind, body: heard[0].put((kind, body))),
    ]
    for listener in listeners:
        listener.start()
    assert {begun.get(timeout=PATIENCE_SECONDS) for _ in listeners} == {0, 1, 2}
    announcer.announce(note(101))
    announcer.announce(note(102))
    assert [heard_number(heard[0]) for _ in range(2)] == [101, 102]
    assert [heard_number(heard[1]) for _ in range(2)] == [101, 102]  # one that fails stops nothing

    broken = [CONTROL, "-q", "close_all_connections", "--global", "for the test"]
    subprocess.run(broken, env=broker._environment(), check=True, timeout=60)
    assert {begun.get(timeout=PATIENCE_SECONDS) for _ in listeners} == {0, 1, 2}
    announcer.announce(note(103))  # the first after a break may be lost
    announcer.announce(note(104))
    assert heard_number(heard[0]) in (103, 104)
    for listener in listeners:
        listener.stop()
        listener._thread.join(PATIENCE_SECONDS)
        assert not listener._thread.is_alive()

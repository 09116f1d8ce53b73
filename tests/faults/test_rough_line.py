"""A line of the storm passes on, keeps back, resets and refuses, as it is told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from support.rough_line import RoughLine


@pytest.fixture
def line() -> Iterator[RoughLine]:
    """A line before a server that says everything again."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=say_again, args=(caller,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    made = RoughLine(listener.getsockname()[1])
    yield made
    made.close()
    listener.close()


def say_again(caller: socket.socket) -> None:
    try:
        while said := caller.recv(100):
            caller.sendall(said)
    except OSError:
        return


def call(line: RoughLine) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), timeout=5)


def test_M12_what_a_silent_line_keeps_back_comes_when_it_is_healed(line: RoughLine) -> None:
    with call(line) as caller:
        caller.sendall(b"before")
        assert caller.recv(100) == b"before"
        line.silence(("back",))
        caller.sendall(b"meanwhile")
        caller.settimeout(0.3)
        with pytest.raises(TimeoutError):
            caller.recv(100)
        caller.settimeout(5)
        line.heal()
        assert caller.recv(100) == b"meanwhile"


def test_M12_a_reset_ends_connections_and_new_ones_are_taken(line: RoughLine) -> None:
    with call(line) as caller:
        caller.sendall(b"before")
        assert caller.recv(100) == b"before"
        line.reset()
        with pytest.raises(ConnectionResetError):
            caller.recv(100)
    with call(line) as caller:
        caller.sendall(b"again")
        assert caller.recv(100) == b"again"


def test_M12_a_line_refuses_until_it_is_healed(line: RoughLine) -> None:
    line.refuse()
    with pytest.raises(ConnectionRefusedError):
        call(line)
    line.heal()
    with call(line) as caller:
        caller.sendall(b"again")
        assert caller.recv(100) == b"again"

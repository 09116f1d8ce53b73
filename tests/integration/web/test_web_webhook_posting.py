"""One delivery by itself, to servers that are rude, slow, or not who they say they are."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from support.dovecot import make_certificate
from support.webhook_receiver import receiving

from services.web.webhooks import line, posting
from services.web.webhooks.addresses import read_networks
from services.web.webhooks.outcome import Answered

LOCAL = read_networks("127.0.0.0/8, ::1/128")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
Serve = Callable[[socket.socket], None]


@contextmanager
def server(serve: Serve) -> Iterator[int]:
    """A port of this machine at which each connection is served so, in a thread of its own."""
    listening = socket.create_server(("127.0.0.1", 0))

    def one(taken: socket.socket) -> None:
        with suppress(OSError), taken:
            serve(taken)

    def run() -> None:
        with suppress(OSError):
            while True:
                taken, _ = listening.accept()
                threading.Thread(target=one, args=(taken,), daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()


def post(port: int, scheme: str = "http", host: str = "127.0.0.1") -> Answered:
    return posting.post(f"{scheme}://{host}:{port}/", b"{}", {}, LOCAL)


def test_who_answers_a_letter_a_second_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "WHOLE_SECONDS", 1.0)
    monkeypatch.setattr(posting, "WHOLE_SECONDS", 1.0)

    def drip(taken: socket.socket) -> None:
        taken.recv(65536)
        for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1000:
            taken.sendall(bytes([letter]))
            time.sleep(0.05)

    with server(drip) as port:
        began = time.monotonic()
        answered = post(port)
        assert time.monotonic() - began < 5
    assert answered.words == "it did not answer within 1 seconds"


def test_an_endless_answer_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = 0

    def flood(taken: socket.socket) -> None:
        nonlocal sent
        taken.recv(65536)
        taken.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sent += taken.send(b"x" * 65536)

    with server(flood) as port:
        assert post(port).delivered
    assert sent < 50_000_000


def test_who_hangs_up_or_talks_nonsense_is_a_failure() -> None:
    def nonsense(taken: socket.socket) -> None:
        taken.recv(65536)
        taken.sendall(b"220 mail.example ESMTP\r\n")

    with server(lambda taken: None) as port:
        assert post(port).words == "it cannot be reached, or hung up without an answer"
    with server(nonsense) as port:
        answered = post(port)
    assert (answered.status, answered.delivered) == (None, False)


def test_nobody_at_the_port_and_no_such_host_are_told() -> None:
    with server(lambda taken: None) as port:
        pass
    assert post(port).words == "it cannot be reached, or hung up without an answer"
    assert post(443, "https", "nowhere.invalid").words == "its host's name is not known"


def test_retry_after_is_read_in_seconds_alone() -> None:
    with receiving(lambda _: 503) as receiver:
        for given, read in (("120", timedelta(minutes=2)), ("soon", None), ("9" * 30, None)):
            receiver.extra["Retry-After"] = given
            answered = posting.post(receiver.address, b"{}", {}, LOCAL)
            assert (answered.status, answered.wait) == (503, read)


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    with server(lambda taken: asked.append(1)) as proxy, receiving() as receiver:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy}")
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy}")
        assert posting.post(receiver.address, b"{}", {}, LOCAL).delivered
    assert asked == []


def test_only_a_certificate_to_trust_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "key.pem")

    def serve(taken: socket.socket) -> None:
        with context.wrap_socket(taken, server_side=True) as secured:
            taken_in = b""
            while not taken_in.endswith(b"{}"):  # hanging up on half of it would cut the answer
                taken_in += secured.recv(65536)
            secured.sendall(OK)

    with server(serve) as port:
        assert post(port, "https", "localhost").words == "it shows no certificate to trust"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        line._usual_authorities.cache_clear()
        try:
            assert post(port, "https", "localhost").delivered
        finally:
            line._usual_authorities.cache_clear()

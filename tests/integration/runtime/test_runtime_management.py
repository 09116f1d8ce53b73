"""O1: the management port, asked over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
from support.ports import free_port

from services.runtime.health import Health
from services.runtime.management import ManagementServer, PortTaken


class Watched:
    """A management server whose broker check a test can break."""

    def __init__(self) -> None:
        self.port = free_port()
        self.trouble: str | None = None
        self.health = Health()
        self.health.add("database", lambda: None)
        self.health.add("broker", lambda: self.trouble)
        self.server = ManagementServer("127.0.0.1", self.port, self.health, "CASES_PORT")

    def get(self, path: str) -> tuple[int, str, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.headers["Content-Type"], body


@pytest.fixture
def watched() -> Iterator[Watched]:
    made = Watched()
    made.server.start()
    yield made
    made.server.stop()


def test_O1_metrics_are_in_the_form_of_prometheus(watched: Watched) -> None:
    status, content_type, body = watched.get("/metrics")
    assert status == 200
    assert content_type.startswith("text/plain; version=")
    assert b"# TYPE process_resident_memory_bytes gauge" in body


def test_O1_ready_when_nothing_is_missing(watched: Watched) -> None:
    status, content_type, body = watched.get("/readyz")
    assert (status, content_type) == (200, "application/json")
    assert json.loads(body) == {"ready": True, "missing": {}}


def test_O1_not_ready_says_which_dependency_is_missing_and_is_alive_all_the_same(
    watched: Watched,
) -> None:
    watched.trouble = "the message broker does not answer: refused"
    status, _, body = watched.get("/readyz")
    assert status == 503
    assert json.loads(body) == {"ready": False, "missing": {"broker": watched.trouble}}
    assert watched.get("/livez")[0] == 200
    watched.trouble = None
    assert watched.get("/readyz")[0] == 200


def test_an_unknown_path_says_what_there_is(watched: Watched) -> None:
    status, _, body = watched.get("/")
    assert status == 404
    assert b"/readyz" in body


def test_a_taken_port_is_named_with_its_setting(watched: Watched) -> None:
    with pytest.raises(PortTaken, match=f"port {watched.port} is taken .*; set RULES_PORT to"):
        ManagementServer("127.0.0.1", watched.port, Health(), "RULES_PORT")


def test_a_stopped_server_frees_its_port(watched: Watched) -> None:
    other = Watched()
    other.server.start()
    other.server.stop()
    again = ManagementServer("127.0.0.1", other.port, Health(), "CASES_PORT")
    again.start()
    again.stop()

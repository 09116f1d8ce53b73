"""C3: streams of a running gateway: who hears what, and that they stand in nobody's way."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest
import requests
from support.system import PASSWORD, Api, RunningSystem, wait_for

QUICK_SECONDS = 10.0  # half of what requests in hand are given


class Listening:
    """A signed-in browser without its window, which reads its stream."""

    def __init__(self, base: str, name: str = "admin", password: str = PASSWORD) -> None:
        self.base = base
        self.session = requests.Session()
        key = self._key("/sign-in")
        form = {"name": name, "password": password, "csrf_token": key}
        assert self.session.post(f"{base}/sign-in", data=form, timeout=30).ok

    def open(self) -> HTTPResponse:
        """Its stream, over a connection of its own; closing the answer closes that."""
        host = self.base.removeprefix("http://")
        connection = HTTPConnection(host, timeout=30)
        cookies = "; ".join(f"{one.name}={one.value}" for one in self.session.cookies)
        headers = {"Cookie": cookies, "Connection": "close"}
        connection.request("GET", f"/live?since={int(time.time() * 1000)}", headers=headers)
        return connection.getresponse()

    def post(self, path: str, **form: str) -> requests.Response:
        form["csrf_token"] = self._key("/calendar")
        return self.session.post(self.base + path, data=form, timeout=30)

    def _key(self, path: str) -> str:
        page = self.session.get(self.base + path, timeout=30).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        return found[1]


def events(answer: HTTPResponse) -> Iterator[tuple[str, dict[str, Any]]]:
    """Kind and data of each event, as it comes; ends with the stream."""
    assert answer.status == 200
    kind = ""
    for line in answer:
        name, _, value = line.decode().strip().partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            yield kind, json.loads(value)


def next_change(told: Iterator[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    return next(data for kind, data in told if kind == "changed")


@contextmanager
def person(system: RunningSystem, api: Api, login: str, **more: Any) -> Iterator[dict[str, Any]]:
    yield api.post(
        "/users", login=login, name=login.title(), password=PASSWORD, role="agent", **more
    )


def stop_web(system: RunningSystem, sent: signal.Signals) -> tuple[int, float]:
    """Exit code, and the seconds it took."""
    process = system.processes.pop("web")
    began = time.monotonic()
    process.send_signal(sent)
    return process.wait(30), time.monotonic() - began


def test_C3_O3_each_hears_of_what_he_may_see_within_two_seconds(
    system: RunningSystem, api: Api
) -> None:
    north = api.post("/sections", name="North of the stream")
    with person(system, api, "nora", sees="sections") as nora:
        told_all = events(Listening(system.web).open())
        told_nora = events(Listening(system.web, "nora").open())
        hidden = api.post("/cases", subject="Not hers", state="open")
        began = time.monotonic()
        heard = next_change(told_all)
        assert time.monotonic() - began < 2
        assert (heard["number"], heard["what"]) == (hidden["number"], "created")
        shown = api.post("/cases", subject="Hers", state="open", responsible="nora")
        assert next_change(told_nora)["number"] == shown["number"]
        # A member of the section from now on, which the stream learns of by itself.
        api.patch(f"/sections/{north['id']}", version=1, member_ids=[nora["id"]])
        time.sleep(0.5)
        later = api.post("/cases", subject="Her section's", state="open", section=north["name"])
        assert next_change(told_nora)["number"] == later["number"]


def test_C4_who_is_on_a_case_is_told_to_the_others_there(system: RunningSystem, api: Api) -> None:
    number = api.post("/cases", subject="Busy", state="open")["number"]
    with person(system, api, "bea"):
        admin, bea = Listening(system.web), Listening(system.web, "bea")
        told = events(admin.open())
        admin.post(f"/cases/{number}/presence", tab="a", doing="looking")
        answer = bea.post(f"/cases/{number}/presence", tab="b", doing="answering")
        assert "Administrator is looking at this case" in answer.text
        assert next(data for kind, data in told if kind == "presence") == {"number": number}
        seen = admin.post(f"/cases/{number}/presence", tab="a", doing="looking").text
        assert "Bea is writing an answer" in seen


def test_O3_a_user_no_longer_active_loses_his_stream(system: RunningSystem, api: Api) -> None:
    with person(system, api, "gone") as gone:
        told = events(Listening(system.web, "gone").open())
        api.patch(f"/users/{gone['id']}", version=gone["version"], active=False)
        assert next(kind for kind, _ in told if kind != "refresh") == "ended"
        assert list(told) == []


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_C3_a_stop_is_quick_with_open_streams(system: RunningSystem, sent: signal.Signals) -> None:
    browsers = [Listening(system.web) for _ in range(3)]
    streams = [browser.open() for browser in browsers for _ in range(5)]
    for stream in streams:
        assert stream.readline().startswith(b"retry: ")
    code, seconds = stop_web(system, sent)
    system.start_service("web")
    system.wait_until_ready("web")
    assert (code, seconds < QUICK_SECONDS) == (0, True), f"{code} after {seconds:.1f} s"


def test_C3_open_streams_leave_room_for_requests(system: RunningSystem, api: Api) -> None:
    """Of one user no more than twenty; a page is answered beside them, and one closed is free."""
    browser = Listening(system.web)
    streams = [browser.open() for _ in range(20)]
    assert {stream.status for stream in streams} == {200}
    refused = browser.open()
    assert (refused.status, refused.headers["Retry-After"]) == (503, "60")
    assert browser.session.get(f"{system.web}/cases", timeout=10).ok
    for stream in streams:
        stream.close()
    wait_for(lambda: system.metric("web", "casewire_web_live_streams") == 0, "closed streams", 10)

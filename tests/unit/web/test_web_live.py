"""C3: the stream tells what happens to whoever may see it, and the book of who is there."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, a_case, csrf_of, sign_in

from services.contracts.cases import CaseUpdated
from services.contracts.directory import User
from services.contracts.errors import NotFound, ServiceAway
from services.contracts.presence import Presence
from services.runtime.clock import now
from services.runtime.identity import new_id
from services.web.lanes import Lanes
from services.web.live import hub as hub_module
from services.web.live import presence as presence_module
from services.web.live import speaking
from services.web.live.eyes import Eyes
from services.web.live.happening import Happening, clock
from services.web.live.hub import Hub, TooManyStreams
from services.web.live.presence import PresenceBook
from services.web.live.speaking import Speaker, told
from services.web.live.stream import MOST_WAITING, LookAgain, Stream
from services.web.wiring import EXTENSION

ALL = Eyes(User(id=3, login="tom", name="Tom"))
NORTH = User(id=5, login="nora", name="Nora", address="nora@ours.example", sees="sections")


def happening(number: int = 101, version: int = 4, **case: Any) -> Happening:
    fields = {key: value for key, value in a_case(number=number, **case).items() if key != "moves"}
    event = CaseUpdated(
        id=new_id(),
        occurred_at=now(),
        case_id=number,
        version=version,
        data={"case": fields},  # type: ignore[arg-type]
    )
    return Happening(clock(), event.type, event.model_dump_json().encode())


def test_C3_an_event_is_told_with_what_it_takes_to_ask_again_and_no_more() -> None:
    text = told(happening(start="2027-02-01T09:00:00Z", section={"id": 2, "name": "North"}), ALL)
    kind, id_line, data, *_ = text.splitlines()
    assert kind == "event: changed" and id_line.startswith("id: 1")
    found = json.loads(data.removeprefix("data: "))
    assert (found["number"], found["version"], found["what"]) == (101, 4, "updated")
    assert found["dated"] is True and found["section_id"] == 2
    assert "Printer" not in text


@pytest.mark.parametrize(
    ("case", "seen"),
    [
        ({"section": {"id": 2, "name": "North"}}, True),
        ({"section": {"id": 9, "name": "South"}}, False),
        ({}, False),
        ({"responsible": {"id": 5, "name": "Nora"}}, True),
        ({"watchers": [{"address": "Nora@ours.example"}]}, True),
        ({"watchers": [{"address": "tom@ours.example"}]}, False),
    ],
)
def test_O3_the_stream_tells_nothing_of_a_case_that_one_may_not_see(
    case: dict[str, Any], seen: bool
) -> None:
    assert (told(happening(**case), Eyes(NORTH, frozenset({2}))) != "") is seen


def test_C3_what_cannot_be_read_is_passed_over() -> None:
    assert told(Happening(clock(), "case.updated", b'{"data": 1}'), ALL) == ""


def test_C3_a_stream_begins_with_what_was_missed_or_says_that_it_does_not_know() -> None:
    hub = Hub()
    assert hub.open(3, clock()).take() == [LookAgain()]  # nothing is heard yet
    hub.begin_to_hear()
    since, missed = clock(), happening()
    hub.happened(missed)
    assert hub.open(3, since).take() == [missed]
    assert hub.open(3, since - 3_600_000).take() == [LookAgain()]
    assert hub.open(3, None).take() == [LookAgain()]


def test_C3_what_was_dropped_of_the_kept_events_is_not_taken_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub = Hub()
    hub.begin_to_hear()
    since = clock() - 5000
    for number in range(hub_module.KEPT + 1):
        hub.happened(Happening(clock(), "case.updated", str(number).encode()))
    assert hub.open(3, since).take() == [LookAgain()]


def test_C3_a_browser_slower_than_the_events_is_told_once_to_look_again() -> None:
    stream = Stream(3)
    for number in range(MOST_WAITING + 5):
        stream.put(happening(number))
    assert stream.take() == [LookAgain()]
    stream.put(last := happening())
    assert stream.take() == [last]


def test_C3_streams_are_bounded_for_all_and_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "MOST_STREAMS", 3)
    monkeypatch.setattr(hub_module, "MOST_OF_ONE_USER", 2)
    hub = Hub()
    first = hub.open(3, None)
    hub.open(3, None)
    with pytest.raises(TooManyStreams):
        hub.open(3, None)
    hub.open(4, None)
    with pytest.raises(TooManyStreams):
        hub.open(5, None)
    hub.leave(first)
    hub.open(5, None)
    hub.close()
    with pytest.raises(TooManyStreams):
        hub.open(6, None)


def test_O3_rights_are_looked_at_before_anything_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "TICK_SECONDS", 0.01)
    answers: list[Any] = [ServiceAway("cases", 1.0), Eyes(NORTH), None]

    def look() -> Eyes | None:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    stream = Stream(5)
    lines = Speaker(stream, Eyes(NORTH, frozenset({2})), look, None).speak()
    assert next(lines).startswith("retry: ")
    stream.put(happening(section={"id": 2, "name": "North"}))
    assert "event: changed" in next(lines)
    stream.put(happening(101, 5, section={"id": 2, "name": "North"}))  # hers no more
    stream.put(happening(102, 1, responsible={"id": 5, "name": "Nora"}))
    stream.doubt()
    text = next(lines)
    assert '"number": 102' in text and '"number": 101' not in text
    stream.doubt()
    assert next(lines) == "event: ended\ndata: {}\n\n"
    assert list(lines) == []


def test_C3_a_quiet_stream_beats_and_ends_when_its_browser_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(speaking, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(speaking, "HEARTBEAT_SECONDS", 0.05)
    ours, browser = socket.socketpair()
    lines = Speaker(Stream(3), ALL, lambda: ALL, ours).speak()
    next(lines)
    assert next(lines) == ": still here\n\n"
    browser.close()
    assert list(lines) == []


def test_C3_a_stream_is_for_whoever_is_signed_in(
    web: tuple[APIFlask, Answers], client: FlaskClient
) -> None:
    assert client.get("/live").status_code == 303
    sign_in(client, name="rita")
    hub = web[0].extensions[EXTENSION].live.hub
    hub.begin_to_hear()
    answer = client.get(f"/live?since={clock()}", buffered=False)
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    assert answer.headers["Cache-Control"] == "no-store"
    hub.happened(happening())
    lines = answer.iter_encoded()
    assert next(lines).startswith(b"retry: ") and b"event: changed" in next(lines)
    answer.close()
    hub.close()
    refused = client.get("/live")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")


def test_C3_requests_take_turns_and_streams_pass_beside_them() -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"done"]

    lanes = Lanes(app, "/live", 1)
    first: Any = lanes({"PATH_INFO": "/cases"}, lambda *_: None)
    assert not lanes._free.acquire(blocking=False)
    assert list(lanes({"PATH_INFO": "/live"}, lambda *_: None)) == [b"done"]  # type: ignore[arg-type]
    first.close()
    assert lanes._free.acquire(blocking=False)


def present(user_id: int, doing: Any, tab: str = "a", number: int = 101) -> Presence:
    name = {3: "Tom", 5: "nora"}[user_id]
    return Presence(number=number, tab=tab, user_id=user_id, name=name, doing=doing)


def test_C4_the_book_tells_who_is_on_a_case_and_what_he_does() -> None:
    book = PresenceBook()
    assert book.note(present(3, "looking"))
    assert not book.note(present(3, "looking"))
    assert book.note(present(3, "answering", tab="b"))
    assert book.note(present(5, "editing", tab="c"))
    assert [(one.name, one.doing) for one in book.on(101)] == [
        ("nora", "editing"),
        ("Tom", "answering"),
    ]
    assert book.note(present(3, "gone", tab="b"))
    assert [one.doing for one in book.on(101)] == ["editing", "looking"]
    assert book.on(102) == []


def test_C4_who_is_not_heard_of_for_half_a_minute_counts_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = 1000.0
    monkeypatch.setattr(presence_module, "monotonic", lambda: moment)
    book = PresenceBook()
    book.note(present(3, "looking"))
    moment += 29
    assert len(book.on(101)) == 1
    moment += 2
    assert book.on(101) == []
    book.note(present(5, "looking", number=102))
    assert list(book._pages) == [102]


def test_C4_only_others_on_the_case_are_told_of_who_comes() -> None:
    hub = Hub()
    hub.begin_to_hear()
    toms, noras = hub.open(3, clock()), hub.open(5, clock())
    hub.note_presence(present(5, "looking", tab="n"))
    assert toms.take() == []
    hub.note_presence(present(3, "looking"))
    assert toms.take() == []
    assert [one.number for one in noras.take()] == [101]  # type: ignore[union-attr]


def test_C4_O3_who_is_there_is_for_those_who_may_see_the_case(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client, name="anna")
    answers.by_method["glance_at_case"] = {"number": 101, "version": 7}
    answers.by_method["get_case"] = a_case()
    key = csrf_of(client.get("/cases/101").text)
    form = {"csrf_token": key, "tab": "x1", "doing": "answering"}
    assert 'data-version="7"' in client.post("/cases/101/presence", data=form).text
    other = client.application.test_client()
    sign_in(other, name="tom")
    theirs = {**form, "csrf_token": csrf_of(other.get("/cases/101").text), "doing": "looking"}
    assert "Anna Berger is writing an answer" in other.post("/cases/101/presence", data=theirs).text
    asked = [name for _, name, _ in answers.asked].count("glance_at_case")
    other.post("/cases/101/presence", data=theirs)
    assert [name for _, name, _ in answers.asked].count("glance_at_case") == asked  # kept a while
    assert client.post("/cases/101/presence", data={**form, "doing": "gone"}).status_code == 204
    assert "Anna" not in other.post("/cases/101/presence", data=theirs).text
    assert other.post("/cases/101/presence", data={**theirs, "doing": "dancing"}).status_code == 400
    assert other.post("/cases/101/presence", data={"tab": "x1", "doing": "gone"}).status_code == 400


def test_C4_O3_a_case_that_one_may_not_see_has_nobody_on_it(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client, name="nora")
    answers.by_method["glance_at_case"] = NotFound("case", 102)
    key = csrf_of(client.get("/calendar").text)
    form = {"csrf_token": key, "tab": "x1", "doing": "looking"}
    answer = client.post("/cases/102/presence", data=form)
    assert (answer.status_code, "presence" in answer.text) == (404, False)
    assert answers.last("glance_at_case")["asker_id"] == 5

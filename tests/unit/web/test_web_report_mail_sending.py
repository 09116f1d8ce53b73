"""R5: a report is mailed as its owner sees it, each turn once, or it says why not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import time_machine
from unit.web.report_answers import row
from unit.web.report_mail_bench import ADMIN, ANNA, NORA, QUESTION, TOM, Desk
from unit.web.test_web_report_files import sheet_of
from unit.web.web_bench import sign_in

from services.contracts.errors import InvalidRequest, ServiceAway
from services.runtime.clock import now
from services.runtime.file_store import FileStoreAway
from services.web.report_mails.picture_child import PictureFailed
from services.web.report_mails.sending import TRIED_AGAIN_AFTER, turn_id
from services.web.report_mails.store import LEASE
from services.web.report_xlsx import MIME_TYPE

PNG = b"\x89PNG\r\n\x1a\n and what is drawn"
DRAWER = "services.web.report_mails.making.picture_of"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Nothing is drawn here; test_web_report_pictures.py draws."""
    monkeypatch.setattr(DRAWER, lambda *_: PNG)
    return Desk(tmp_path)


def test_R5_the_mail_has_totals_link_picture_and_the_workbook_of_the_page(desk: Desk) -> None:
    one = desk.add(recipients=["boss@partner.example", "anna@ours.example"])
    desk.let_come(one)
    assert desk.send() == 1
    (order,) = desk.orders
    assert (order.data.purpose, order.data.automatic, order.case_id) == ("report", True, None)
    assert [(to.address, to.name) for to in order.data.to] == [
        ("boss@partner.example", ""),
        ("anna@ours.example", "Anna Berger"),
    ]
    assert order.data.reply_to is not None and order.data.reply_to.address == "anna@ours.example"
    assert order.data.subject.startswith("Team, ")
    assert "All, EUR\nCases: 7\n" in order.data.text
    assert "http://127.0.0.1:8000/report?by=user&column=state" in order.data.text
    assert [file.filename for file in desk.files()] == ["Team.png", "Team.xlsx"]
    assert desk.file("image/png") == PNG
    client = desk.app.test_client()
    sign_in(client, name="anna")
    page = client.get(f"/report/report.xlsx?{QUESTION}")
    assert sheet_of(desk.file(MIME_TYPE)) == sheet_of(page.data)


def test_R5_it_speaks_the_language_and_the_clock_of_its_owner(desk: Desk) -> None:
    desk.change_user(ANNA, language="de", time_zone="Pacific/Kiritimati")
    one = desk.add()
    with time_machine.travel("2026-11-30T20:00:00Z", tick=False):  # there it is December
        desk.let_come(one)
        desk.send()
    (order,) = desk.orders
    assert order.data.language == "de"
    assert "Dez" in order.data.subject and "1." in order.data.subject
    assert "Fälle: 7" in order.data.text
    assert desk.answers.last("report")["question"]["time_zone"] == "Pacific/Kiritimati"
    assert desk.look(one).next_at.isoformat() == "2026-12-01T18:00:00+00:00"


def test_R5_O3_a_restricted_owner_is_sent_only_what_he_sees(desk: Desk) -> None:
    desk.answers.by_method["list_sections"] = [
        {"id": 1, "name": "Support"},
        {"id": 2, "name": "Technical", "member_ids": [NORA]},
        {"id": 3, "name": "Below", "parent_id": 2},
    ]
    desk.let_come(desk.add(NORA))
    desk.let_come(desk.add(ANNA, name="of all"))
    assert desk.send() == 2
    asked = [given["question"]["seen"] for _, name, given in desk.answers.asked if name == "report"]
    assert asked == [{"section_ids": [2, 3], "responsible_id": NORA}, None]


def test_R5_O3_whoever_sends_it_by_hand_it_shows_what_its_owner_sees(desk: Desk) -> None:
    one = desk.add(NORA)
    client = desk.app.test_client()
    sign_in(client, name="admin")
    page = client.get(f"/report/mails/{one.id}").text
    key = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = client.post(f"/report/mails/{one.id}/send", data={"csrf_token": key})
    assert answer.status_code == 200
    assert 'href="/webhooks"' in answer.text  # the page is still the administrator's
    assert desk.answers.last("report")["question"]["seen"]["responsible_id"] == NORA
    (order,) = desk.orders
    assert [to.address for to in order.data.to] == ["nora@ours.example"]


def test_R5_a_turn_is_ordered_once_and_the_next_is_set(desk: Desk) -> None:
    one = desk.add()
    before = desk.look(one).next_at
    desk.let_come(one)
    assert (desk.send(), desk.send()) == (1, 0)
    after = desk.look(one)
    assert after.next_at == before and after.last_sent_at is not None
    assert len(desk.orders) == 1


def test_R5_turns_that_were_missed_are_one(desk: Desk) -> None:
    one = desk.add()
    desk.let_come(one, now() - timedelta(days=9))
    assert desk.send() == 1
    assert now() < desk.look(one).next_at <= now() + timedelta(days=1)
    assert desk.send() == 0


def test_R5_two_processes_at_once_order_it_once(desk: Desk) -> None:
    for name in "abcdef":
        desk.let_come(desk.add(name=name))
    begin = Barrier(2)

    def run(_: int) -> int:
        begin.wait()
        return sum(desk.send() for _ in range(4))

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(run, range(2))) == 6
    assert sorted(order.data.subject[0] for order in desk.orders) == list("abcdef")


def test_R5_who_dies_after_the_order_lets_the_next_order_it_under_the_same_id(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = desk.add()
    came = desk.let_come(one)
    with monkeypatch.context() as dying:
        dying.setattr("services.web.report_mails.store.note_sent", _die)
        with pytest.raises(MemoryError):
            desk.send()
    assert desk.send() == 0  # whoever had it may live yet
    with time_machine.travel(now() + LEASE + timedelta(seconds=1)):
        assert desk.send() == 1
    first, second = desk.orders
    assert first.id == second.id == turn_id(one.model_copy(update={"next_at": came}))
    assert first.data.message_id == second.data.message_id


def _die(*_: Any) -> None:
    raise MemoryError


@pytest.mark.parametrize("method", ["report", "order_mail", "get_user", "list_kinds"])
def test_R5_a_service_that_is_away_delays_it_and_no_more(desk: Desk, method: str) -> None:
    one, held = desk.add(), desk.answers.by_method[method]
    came = desk.let_come(one)
    desk.answers.by_method[method] = ServiceAway("x", 5.0)
    assert desk.send() == 0
    waiting = desk.look(one)
    assert (waiting.next_at, waiting.active, waiting.problem) == (came, True, "waits")
    desk.answers.by_method[method] = held
    with time_machine.travel(now() + TRIED_AGAIN_AFTER + timedelta(seconds=1)):
        assert desk.send() == 1
    assert desk.look(one).problem == ""


def test_R5_a_store_of_files_that_is_away_delays_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = desk.add()
    desk.let_come(one)

    def away(_: bytes) -> str:
        raise FileStoreAway("it does not answer")

    monkeypatch.setattr(desk.wiring.files, "put", away)
    assert desk.send() == 0
    assert desk.look(one).problem == "waits" and desk.orders == []


def test_R5_what_can_never_be_sent_is_switched_off_and_says_so(desk: Desk) -> None:
    cases = {
        "inactive": desk.add(TOM),
        "recipients": desk.add(ANNA, recipients=["boss@partner.example"]),
        "no_address": desk.add(NORA),
        "question": desk.add(ADMIN, question="by=user&date_from=2026-12-01&date_to=2026-11-01"),
    }
    desk.change_user(TOM, active=False)
    desk.change_user(ANNA, role="agent")
    desk.change_user(NORA, address=None)
    desk.answers.by_method["report"] = InvalidRequest("date_to", "must not be before date_from")
    for problem, one in cases.items():
        desk.let_come(one)
        assert desk.send() == 0
        after = desk.look(one)
        assert (after.active, after.problem) == (False, problem)
    assert desk.orders == []
    client = desk.app.test_client()
    sign_in(client, name="admin")
    page = client.get("/report/mails").text
    assert page.count(">switched off<") == 4 and page.count("It was switched off, as ") == 4


def test_R5_a_filter_that_is_not_understood_is_not_left_out(desk: Desk) -> None:
    one = desk.add(question="by=user&partner=Nobody+Ltd")
    desk.let_come(one)
    assert desk.send() == 0 and desk.look(one).problem == "question"
    assert [name for _, name, _ in desk.answers.asked if name == "report"] == []


def test_R5_a_picture_that_fails_is_left_out_and_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> bytes:
        raise PictureFailed("it took longer than 60 seconds")

    monkeypatch.setattr(DRAWER, fail)
    desk.let_come(desk.add())
    assert desk.send() == 1
    assert [file.filename for file in desk.files()] == ["Team.xlsx"]
    assert "The graph could not be drawn this time" in desk.orders[0].data.text


def test_R5_an_empty_report_is_mailed_without_a_picture(desk: Desk) -> None:
    desk.answers.by_method["report"] = {"rows": []}
    desk.let_come(desk.add())
    assert desk.send() == 1
    assert [file.filename for file in desk.files()] == ["Team.xlsx"]
    assert "There is nothing to report." in desk.orders[0].data.text
    assert "could not be drawn" not in desk.orders[0].data.text


def test_R5_what_is_left_out_is_told(desk: Desk) -> None:
    rows = [row(1, user=f"User {n}", user_id=n) for n in range(41)]
    desk.answers.by_method["report"] = {"rows": rows, "more": True, "without_rate": ["CHF"]}
    desk.let_come(desk.add(question="by=user"))
    desk.send()
    text = desk.orders[0].data.text
    assert "the last ones are left out" in text and "There is no rate for CHF" in text
    assert "The graph shows the first 40 lines" in text

"""R3: what the mail with a report holds: what its owner sees, in his words, by his clock."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from unit.web.report_answers import row
from unit.web.report_mail_bench import ANNA, DRAWER, NORA, PNG, QUESTION, Desk
from unit.web.test_web_report_files import sheet_of
from unit.web.web_bench import sign_in

from services.web.report_mails.picture_child import PictureFailed
from services.web.report_xlsx import MIME_TYPE


def test_R3_the_mail_has_totals_link_picture_and_the_workbook_of_the_page(desk: Desk) -> None:
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


def test_R3_it_speaks_the_language_and_the_clock_of_its_owner(desk: Desk) -> None:
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


def test_R3_O3_a_restricted_owner_is_sent_only_what_he_sees(desk: Desk) -> None:
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


def test_R3_O3_whoever_sends_it_by_hand_it_shows_what_its_owner_sees(desk: Desk) -> None:
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


def test_R3_a_picture_that_fails_is_left_out_and_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> bytes:
        raise PictureFailed("it took longer than 60 seconds")

    monkeypatch.setattr(DRAWER, fail)
    desk.let_come(desk.add())
    assert desk.send() == 1
    assert [file.filename for file in desk.files()] == ["Team.xlsx"]
    assert "The graph could not be drawn this time" in desk.orders[0].data.text


def test_R3_an_empty_report_is_mailed_without_a_picture(desk: Desk) -> None:
    desk.answers.by_method["report"] = {"rows": []}
    desk.let_come(desk.add())
    assert desk.send() == 1
    assert [file.filename for file in desk.files()] == ["Team.xlsx"]
    assert "There is nothing to report." in desk.orders[0].data.text
    assert "could not be drawn" not in desk.orders[0].data.text


def test_R3_what_is_left_out_is_told(desk: Desk) -> None:
    rows = [row(1, user=f"User {n}", user_id=n) for n in range(41)]
    desk.answers.by_method["report"] = {"rows": rows, "more": True, "without_rate": ["CHF"]}
    desk.let_come(desk.add(question="by=user"))
    desk.send()
    text = desk.orders[0].data.text
    assert "the last ones are left out" in text and "There is no rate for CHF" in text
    assert "The graph shows the first 40 lines" in text

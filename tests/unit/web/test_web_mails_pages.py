"""The pages and the API of mails: who may see them, what they ask, and what they show."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, a_case, csrf_of, sign_in, token

from services.contracts.errors import InvalidRequest, NotFound

ID = "01940000-0000-7000-8000-000000000001"
MOMENT = "2026-11-24T10:00:00Z"
MAIL: dict[str, Any] = {
    "id": ID,
    "account": "pipe",
    "received_at": MOMENT,
    "size_bytes": 2048,
    "status": "quarantined",
    "sender": "eve@red.example",
    "subject": "<script>alert(1)</script>",
    "message_id": "<a@red.example>",
    "why": "it names no usable sender",
}
VIEW = MAIL | {
    "verdicts": [{"filter": "is_own_address", "outcome": "no", "why": ""}],
    "acts": [{"at": MOMENT, "act": "again", "user_name": "Anna <b>"}],
    "may": ["again"],
}
WAITING: dict[str, Any] = {
    "id": ID,
    "status": "queued",
    "ordered_at": MOMENT,
    "sender": "support@company.example",
    "to": ["ann@blue.example"],
    "subject": "[101] Printer",
    "case_number": 101,
    "attempts": 2,
    "next_attempt_at": MOMENT,
    "why": "451 later",
}


@pytest.fixture(autouse=True)
def _mails(answers: Answers) -> None:
    answers.by_method |= {
        "list_incoming_accounts": [{"name": "sales"}],
        "list_mails": {"items": [MAIL], "next": ID},
        "get_mail": VIEW,
        "list_outgoing_mails": {"items": [WAITING], "next": None},
    }


PAGES = ["/mails", f"/mails/{ID}", f"/mails/{ID}/download", "/mails/filters", "/outgoing-mails"]


@pytest.mark.parametrize("path", PAGES)
def test_O3_mails_are_for_managers(client: FlaskClient, answers: Answers, path: str) -> None:
    sign_in(client, name="tom")
    assert client.get(path).status_code == 403
    assert "list_mails" not in [name for _, name, _ in answers.asked]


def test_O3_a_manager_sees_the_entry_in_the_navigation_and_an_agent_does_not(
    client: FlaskClient, answers: Answers
) -> None:
    answers.by_method["get_case"] = a_case(
        messages=[
            {"number": 1, "kind": "mail", "direction": "in", "author": "Ann", "at": MOMENT,
             "message_id": "<a@b>", "from_case": 99, "from_number": 4},
            {"number": 2, "kind": "note", "direction": "internal", "author": "Tom", "at": MOMENT},
        ]
    )  # fmt: skip
    sign_in(client, name="anna")
    page = client.get("/cases/101").text
    assert page.count("/mails/of/") == 1 and "/mails/of/99/4" in page
    client.post("/sign-out", data={"csrf_token": csrf_of(page)})
    sign_in(client, name="tom")
    page = client.get("/cases/101").text
    assert 'href="/mails' not in page


def test_M11_the_list_asks_what_the_address_says_and_escapes_what_strangers_wrote(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client, name="anna")
    answer = client.get("/mails?q=printer&status=quarantined&account=sales&case_number=[101]")
    asked = answers.last("list_mails")["question"]
    assert (asked["q"], asked["status"], asked["account"]) == ("printer", "quarantined", "sales")
    assert asked["case_number"] == 101
    assert "<script>alert" not in answer.text and "&lt;script&gt;alert" in answer.text
    assert f"cursor={ID}" in answer.text and "case_number=%5B101%5D" in answer.text
    wrong = client.get("/mails?case_number=printer&status=nothing")
    assert "Give the number of a case" in wrong.text and "Choose one of the list" in wrong.text


def test_M11_the_page_of_a_mail_offers_what_is_open_and_tells_who_did_what(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client, name="anna")
    page = client.get(f"/mails/{ID}").text
    assert "Anna &lt;b&gt; had it tried again" in page and "is own address" in page
    assert 'value="again"' in page and 'value="let_in"' not in page
    answers.by_method["act_on_mail"] = VIEW
    form = {"csrf_token": csrf_of(page), "act": "again"}
    assert client.post(f"/mails/{ID}/acts", data=form).status_code == 303
    given = answers.last("act_on_mail")
    assert (given["mail_id"], given["act"]) == (ID, "again")
    assert (given["actor"]["id"], given["actor"]["name"]) == (2, "Anna Berger")
    answers.by_method["act_on_mail"] = InvalidRequest("act", "it is not in quarantine")
    refused = client.post(f"/mails/{ID}/acts", data=form)
    assert refused.status_code == 409 and "It is not in quarantine." in refused.text


def test_M11_an_entry_leads_to_its_mail_or_says_that_none_is_kept(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client, name="anna")
    answer = client.get("/mails/of/101/3")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/mails/{ID}")
    asked = answers.last("list_mails")["question"]
    assert (asked["case_number"], asked["message_number"]) == (101, 3)
    answers.by_method["list_mails"] = {"items": [], "next": None}
    assert client.get("/mails/of/101/3").status_code == 404


def test_M11_a_mail_is_downloaded_piece_by_piece(client: FlaskClient, answers: Answers) -> None:
    pieces = {0: "YWJj", 3: "ZA==", 4: ""}
    answers.by_method["get_mail"] = VIEW | {"size_bytes": 4}
    answers.by_method["get_mail_bytes"] = lambda mail_id, offset: {"content_base64": pieces[offset]}
    sign_in(client, name="anna")
    answer = client.get(f"/mails/{ID}/download")
    assert (answer.data, answer.content_length) == (b"abcd", 4)
    assert answer.headers["Content-Disposition"] == f"attachment; filename={ID}.eml"
    assert answer.mimetype == "application/octet-stream"
    answers.by_method["get_mail"] = NotFound("mail", ID)
    assert client.get(f"/mails/{ID}/download").status_code == 404
    assert client.get("/mails/not-an-id/download").status_code == 404


def test_M6_the_queue_shows_why_each_mail_waits(client: FlaskClient, answers: Answers) -> None:
    sign_in(client, name="anna")
    page = client.get("/outgoing-mails").text
    assert "451 later" in page and "ann@blue.example" in page
    form = {"csrf_token": csrf_of(page), "act": "give_up"}
    answers.by_method["act_on_outgoing_mail"] = None
    assert client.post(f"/outgoing-mails/{ID}/acts", data=form).status_code == 303
    answers.by_method["act_on_outgoing_mail"] = InvalidRequest("act", "it has been sent")
    refused = client.post(f"/outgoing-mails/{ID}/acts", data=form)
    assert refused.status_code == 409 and "It has been sent." in refused.text
    wrong = client.post(f"/outgoing-mails/{ID}/acts", data=form | {"act": "explode"})
    assert wrong.status_code == 409


def test_M11_the_api_of_mails(client: FlaskClient, answers: Answers) -> None:
    header = token(client, "anna")
    answer = client.get("/api/v1/mails?status=aside&limit=5", headers=header)
    assert (answer.json["items"][0]["id"], answer.json["next"]) == (ID, ID)
    assert answers.last("list_mails")["question"]["limit"] == 5
    assert client.get("/api/v1/mails?state=aside", headers=header).status_code == 422
    assert client.get(f"/api/v1/mails/{ID}", headers=header).json["may"] == ["again"]
    answers.by_method["act_on_mail"] = VIEW
    url = f"/api/v1/mails/{ID}/acts"
    assert client.post(url, json={"act": "again"}, headers=header).status_code == 200
    assert client.post(url, json={"act": "burn"}, headers=header).status_code == 422
    assert client.get("/api/v1/outgoing-mails", headers=header).json["items"][0]["attempts"] == 2
    answers.by_method["act_on_outgoing_mail"] = None
    url = f"/api/v1/outgoing-mails/{ID}/acts"
    assert client.post(url, json={"act": "give_up"}, headers=header).status_code == 204
    agent = token(client, "tom")
    assert client.get("/api/v1/mails", headers=agent).status_code == 403

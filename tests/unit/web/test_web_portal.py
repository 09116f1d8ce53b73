"""Issue 5 item 6: the pages of the partners' portal, and what they keep to themselves."""

from __future__ import annotations

import io
import re
import traceback
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from unit.web.web_bench import Answers, a_case, csrf_of, sign_in

from services.contracts.errors import IllegalMove, NotFound, ServiceAway
from services.web.access.limits import limiter

TOKEN = "101-cmf3k2x9q-abcdefghijklmnopqrstuvwxyz"
OTHER = "102-cmf3k2x9q-abcdefghijklmnopqrstuvwxyz"
HERE = f"/portal/{TOKEN}"
FILE = {"filename": "fire.png", "content_type": "image/png", "size_bytes": 3}
ENTRIES = [
    {
        "author": "Ann",
        "from_us": False,
        "is_yours": True,
        "confirmed": False,
        "at": "2026-11-24T10:00:00Z",
        "text": "It <b>burns</b>.",
        "attachments": [{**FILE, "mail_id": "m1", "part": 2}],
    },
    {
        "author": "Eve Expert",
        "from_us": True,
        "is_yours": False,
        "at": "2026-11-24T11:05:00Z",
        "text": "Use water.",
    },
]


def view(language: str = "en", **case: Any) -> dict[str, Any]:
    shown = {
        "number": 101,
        "subject": "Printer on fire",
        "state": "in_work",
        "opened_at": "2026-11-24T10:00:00Z",
        "entries": ENTRIES,
        "may_close": True,
        **case,
    }
    return {"language": language, "section": "Support", "case": shown}


@pytest.fixture
def answers(web: tuple[APIFlask, Answers]) -> Answers:
    web[1].by_method |= {
        "portal_view": view(),
        "portal_answer": {"token": TOKEN},
        "portal_close": {"token": TOKEN},
        "portal_ask_for_cases": {"token": TOKEN},
    }
    return web[1]


def form(**fields: Any) -> dict[str, Any]:
    return {"text": "More.", "idempotency_key": "k", **fields}


def test_portal_a_case_is_followed_without_an_account(
    client: FlaskClient, answers: Answers
) -> None:
    answer = client.get(HERE)
    page = answer.text
    assert answer.status_code == 200
    for words in ("Printer on fire", "Support", "We are working on it", "24 November 2026, 11:05"):
        assert words in page
    assert "It &lt;b&gt;burns&lt;/b&gt;." in page and "could not confirm" in page
    assert "<script" not in page and "style=" not in page
    assert answers.asked == [("cases", "portal_view", {"token": TOKEN})]


def test_portal_its_address_is_kept_from_all_others(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["portal_view"] = NotFound("case", "behind this link")
    for path in (HERE, f"{HERE}/files/0/0"):
        answer = client.get(path)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert client.get("/sign-in").headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["", "/answer", "/close", "/cases"])
def test_portal_looking_never_changes_anything(
    client: FlaskClient, answers: Answers, path: str
) -> None:
    client.get(HERE + path)
    client.head(HERE + path)
    assert {method for _, method, _ in answers.asked} <= {"portal_view"}


def test_portal_he_answers_with_a_file_and_once(client: FlaskClient, answers: Answers) -> None:
    keys = []
    for _ in range(2):
        files = [(io.BytesIO(b"abc"), "../log.txt"), (io.BytesIO(b"d"), "b.png")]
        answer = client.post(f"{HERE}/answer", data=form(files=files))
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}#latest")
        command = answers.last("portal_answer")["command"]
        keys.append(command["idempotency_key"])
    assert keys[0] == keys[1] and keys[0] != "k"
    assert (command["token"], command["text"], command["actor_id"]) == (TOKEN, "More.", None)
    assert [one["filename"] for one in command["attachments"]] == ["_log.txt", "b.png"]
    assert all(re.fullmatch("[0-9a-f]{64}", one["sha256"]) for one in command["attachments"])


def test_portal_an_answer_that_opens_another_case_leads_there(
    client: FlaskClient, answers: Answers
) -> None:
    answers.by_method["portal_answer"] = {"token": OTHER}
    answer = client.post(f"{HERE}/answer", data=form())
    assert answer.headers["Location"] == f"/portal/{OTHER}#latest"


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"text": " \n"}, "Write something first."), ({"text": "x" * 200_001}, "too long")],
)
def test_portal_what_cannot_be_taken_is_said_and_the_text_stays(
    client: FlaskClient, answers: Answers, fields: dict[str, Any], words: str
) -> None:
    answer = client.post(f"{HERE}/answer", data=form(**fields))
    assert answer.status_code == 422 and words in answer.text
    assert not [one for one in answers.asked if one[1] == "portal_answer"]


def test_portal_files_that_are_too_large_are_refused_and_the_text_stays(
    client: FlaskClient, answers: Answers
) -> None:
    files = [(io.BytesIO(b"x" * 1024 * 1024 * 26), "a.bin")]
    answer = client.post(f"{HERE}/answer", data=form(text="Kept words.", files=files))
    assert answer.status_code == 422
    assert "too large" in answer.text and "Kept words.</textarea>" in answer.text


def test_portal_no_file_of_a_strangers_is_kept(
    client: FlaskClient, answers: Answers, web: tuple[APIFlask, Answers]
) -> None:
    answers.by_method["portal_view"] = NotFound("case", "behind this link")
    answer = client.post(f"{HERE}/answer", data=form(files=[(io.BytesIO(b"abc"), "a")]))
    assert answer.status_code == 404
    folder = web[0].extensions["casewire"].settings.home
    assert not [one for one in folder.rglob("*") if one.is_file() and one.read_bytes() == b"abc"]


def test_portal_he_closes_and_again_sees_how_it_stands(
    client: FlaskClient, answers: Answers
) -> None:
    assert client.post(f"{HERE}/close", data=form()).headers["Location"] == HERE
    answers.by_method["portal_close"] = IllegalMove("done", "done", ["open"])
    assert client.post(f"{HERE}/close", data=form()).headers["Location"] == HERE
    answers.by_method["portal_view"] = view(state="closed", may_close=False)
    page = client.get(HERE).text
    assert "This case is closed." in page and "/close" not in page


def test_portal_a_list_is_mailed_not_shown(client: FlaskClient, answers: Answers) -> None:
    answer = client.post(f"{HERE}/cases", data=form())
    assert answer.headers["Location"] == f"{HERE}?asked=yes"
    assert "on its way to your address" in client.get(answer.headers["Location"]).text


def test_portal_the_list_leads_to_each_case(client: FlaskClient, answers: Answers) -> None:
    line = {
        "number": 102,
        "subject": "Lamp",
        "state": "waiting",
        "opened_at": "2026-11-24T10:00:00Z",
        "token": OTHER,
    }
    answers.by_method["portal_view"] = {"language": "en", "section": "Support", "cases": [line]}
    page = client.get(HERE).text
    assert f'href="/portal/{OTHER}"' in page and "Lamp" in page
    assert client.post(f"{HERE}/answer", data=form()).status_code == 404
    assert client.get(f"{HERE}/files/0/0").status_code == 404


def test_portal_a_file_comes_as_a_download(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["get_attachment"] = {
        "filename": "fire.svg",
        "content_type": "image/svg+xml",
        "content_base64": "YWJj",
    }
    answer = client.get(f"{HERE}/files/0/0")
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for wrong in ("0/1", "1/0", "7/0"):
        assert client.get(f"{HERE}/files/{wrong}").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de-AT,de", "Dieser Link gilt nicht mehr"),
        ("fr", "Ce lien n’est plus valable"),
        ("pt", "does not work any more"),
    ],
)
def test_portal_a_wrong_link_says_what_to_do(
    client: FlaskClient, answers: Answers, language: str, words: str
) -> None:
    answers.by_method["portal_view"] = NotFound("case", "behind this link")
    answer = client.get(HERE, headers={"Accept-Language": language})
    assert answer.status_code == 404 and words in answer.text
    assert "/cases" not in answer.text and TOKEN not in answer.text


def test_portal_a_service_that_is_away_is_said_so(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["portal_view"] = ServiceAway("cases", 5.0)
    answer = client.get(HERE)
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    assert "Not to be reached just now" in answer.text


def test_portal_guessing_is_slowed_down(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["portal_view"] = NotFound("case", "behind this link")
    codes = [client.get(f"/portal/{number}").status_code for number in range(40)]
    assert codes[:30] == [404] * 30 and codes[-1] == 429
    assert "Too many tries" in client.get("/portal/1").text
    limiter.reset()
    answers.by_method["portal_view"] = view()
    assert {client.get(HERE).status_code for _ in range(40)} == {200}


def test_portal_lists_are_not_mailed_without_end(client: FlaskClient, answers: Answers) -> None:
    codes = [client.post(f"{HERE}/cases", data=form()).status_code for _ in range(5)]
    assert codes == [303, 303, 303, 429, 429]


def test_portal_no_log_holds_a_link(client: FlaskClient, answers: Answers) -> None:
    def fails(**_asked: Any) -> Any:
        raise RuntimeError("unforeseen")

    answers.by_method["portal_view"] = fails
    with capture_logs() as logged:
        assert client.get(HERE).status_code == 500
    (entry,) = [one for one in logged if one["event"] == "request failed"]
    trace = "".join(traceback.format_exception(entry.pop("exc_info")))
    assert entry["path"] == "/portal/<token>"
    assert TOKEN not in f"{entry}{trace}"


@pytest.mark.parametrize(
    ("mails", "language", "told"),
    [
        ("de-AT", "de", ("Senden", "In Bearbeitung", "Vorgang 101", "24. November 2026")),
        ("fr", "fr", ("Envoyer", "En cours de traitement", "Dossier 101", "24 novembre 2026")),
        ("pt-BR", "en", ("Send", "We are working on it", "Case 101", "24 November 2026")),
    ],
)
def test_portal_it_speaks_the_language_of_the_mails(
    client: FlaskClient, answers: Answers, mails: str, language: str, told: tuple[str, ...]
) -> None:
    answers.by_method["portal_view"] = view(mails)
    page = client.get(HERE, headers={"Accept-Language": "ja"}).text
    assert f'<html lang="{language}">' in page
    assert [one for one in told if one not in page] == []


def test_portal_an_agent_ends_the_links_of_a_case(client: FlaskClient, answers: Answers) -> None:
    contact = {"address": "ann@blue.example", "name": "Ann"}
    answers.by_method |= {
        "get_case": a_case(contact=contact),
        "end_portal_links": a_case(contact=contact),
    }
    sign_in(client)
    page = client.get("/cases/101").text
    assert "End portal links" in page
    data = {"csrf_token": csrf_of(page), "idempotency_key": "k"}
    assert client.post("/cases/101/portal-links/end", data=data).status_code == 303
    command = answers.last("end_portal_links")["command"]
    assert (command["number"], command["actor_id"]) == (101, 3)
    assert client.post("/cases/101/portal-links/end").status_code == 400


def test_portal_a_reader_ends_none(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["get_case"] = a_case(contact={"address": "ann@blue.example"})
    sign_in(client, name="rita")
    page = client.get("/cases/101").text
    assert "End portal links" not in page
    data = {"csrf_token": csrf_of(page)} if "csrf_token" in page else {}
    assert client.post("/cases/101/portal-links/end", data=data).status_code == 403

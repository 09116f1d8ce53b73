"""The answer box, looking at attachments, and fields in place: what the gateway makes of them."""

from __future__ import annotations

import io
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, a_case, csrf_of, sign_in

from services.contracts.errors import InvalidRequest, StaleVersion
from services.web.pages.discussion import parted
from services.web.wiring import EXTENSION

CONTACT = {"name": "Maria", "address": "maria@acme.example"}
WATCHERS = [{"address": "old@acme.example"}, {"address": "tom@ours.example", "side": "staff"}]
TEMPLATES = [
    {"id": 1, "name": "Taken up", "subject": "s", "text": "Dear {{ case.contact }}"},
    {"id": 2, "name": "Old one", "subject": "s", "text": "x", "active": False},
]


@pytest.fixture
def tom(client: FlaskClient, answers: Answers) -> FlaskClient:
    answers.by_method["get_case"] = a_case(contact=CONTACT, watchers=WATCHERS)
    answers.by_method["add_message"] = answers.by_method["change_case"] = a_case(version=4)
    answers.by_method["list_templates"] = TEMPLATES
    answers.by_method["get_template"] = TEMPLATES[0]
    answers.by_method["preview_template"] = {"subject": "s", "text": "Dear Maria"}
    sign_in(client)
    return client


def post(client: FlaskClient, address: str, **form: Any) -> Any:
    csrf = csrf_of(client.get("/cases/101").text)
    return client.post(address, data={"csrf_token": csrf, **form})


def entry(**fields: Any) -> dict[str, Any]:
    at = "2026-11-24T10:00:00Z"
    return {
        "number": 1,
        "kind": "mail",
        "direction": "in",
        "author": "A <a@b.c>",
        "at": at,
    } | fields


def test_K3_copies_are_added_and_removed_with_a_reply(tom: FlaskClient, answers: Answers) -> None:
    form = {
        "kind": "reply",
        "text": "Hello",
        "cc_shown": ["old@acme.example", "tom@ours.example"],
        "cc": ["tom@ours.example"],
        "new_cc": ["Bob, the boss <bob@acme.example>"],
        "add_cc": "eve@x.example; Dora <dora@x.example>",
    }
    assert post(tom, "/cases/101/messages", **form).status_code == 303
    sent = answers.last("add_message")["command"]
    assert [(one["name"], one["address"]) for one in sent["add_watchers"]] == [
        ("Bob, the boss", "bob@acme.example"),
        ("", "eve@x.example"),
        ("Dora", "dora@x.example"),
    ]
    assert sent["remove_watchers"] == ["old@acme.example"]
    post(tom, "/cases/101/messages", **{**form, "kind": "note"})
    sent = answers.last("add_message")["command"]
    assert "add_watchers" not in sent and "remove_watchers" not in sent


def test_K3_what_is_no_address_is_told_and_nothing_is_sent(
    tom: FlaskClient, answers: Answers
) -> None:
    form = {
        "kind": "reply",
        "text": "Hello",
        "add_cc": "nobody",
        "new_cc": "Bob <bob@acme.example>",
    }
    answer = post(tom, "/cases/101/messages", cc_shown="old@acme.example", **form)
    assert answer.status_code == 422 and "“nobody” is no mail address." in answer.text
    assert "add_message" not in {name for _, name, _ in answers.asked}
    assert 'value="Bob &lt;bob@acme.example&gt;" checked' in answer.text
    ticks = dict(re.findall(r'name="cc" value="([^"]+)"[^>]*?( checked)?>', answer.text))
    assert ticks == {"old@acme.example": "", "tom@ours.example": " checked"}


def test_K3_people_are_suggested_from_the_partner_and_ours(
    tom: FlaskClient, answers: Answers
) -> None:
    answers.by_method["get_partner"] = {"id": 5, "name": "Acme", "contacts": [CONTACT]}
    found = tom.get("/people?partner=5&add_cc=MARIA").text
    assert 'value="Maria &lt;maria@acme.example&gt;"' in found
    assert "option" not in tom.get("/people?partner=5&add_cc=zzz").text


def test_predefined_answers_are_chosen_and_filled_in(tom: FlaskClient, answers: Answers) -> None:
    page = tom.get("/cases/101/answers").text
    assert "Taken up" in page and "Old one" not in page
    assert "Taken up" not in tom.get("/cases/101/answers?q=nothing").text
    assert tom.get("/cases/101/answers/1").json == {"text": "Dear Maria"}
    assert answers.last("preview_template")["question"]["number"] == 101
    assert ">Dear Maria</textarea>" in tom.get("/cases/101?answer=1").text
    answers.by_method["preview_template"] = InvalidRequest("text", "there is no such field")
    refused = tom.get("/cases/101/answers/1")
    assert refused.status_code == 422 and "no such field" in refused.json["problem"]
    assert tom.get("/cases/101?answer=1").status_code == 422


def test_K3_files_are_kept_while_the_answer_is_written(
    tom: FlaskClient, answers: Answers, web: tuple[APIFlask, Answers]
) -> None:
    given = post(tom, "/cases/101/files", files=(io.BytesIO(b"one"), "one.txt")).json["files"]
    assert (given[0]["name"], given[0]["size"]) == ("one.txt", 3)
    assert web[0].extensions[EXTENSION].files.get(json.loads(given[0]["kept"])["sha256"]) == b"one"
    post(tom, "/cases/101/messages", kind="note", text="Look", kept=given[0]["kept"])
    assert answers.last("add_message")["command"]["attachments"][0]["filename"] == "one.txt"
    large = json.dumps({**json.loads(given[0]["kept"]), "size_bytes": 26 * 1024 * 1024})
    refused = post(tom, "/cases/101/messages", kind="note", text="Look", kept=large)
    assert refused.status_code == 422 and "at most 25 MB in all" in refused.text


TEXT, PDF, OCTETS = "text/plain; charset=utf-8", "application/pdf", "application/octet-stream"
LOOKED_AT = [
    ("image/png", b"png", "image/png", "inline, caged"),
    ("text/plain", b"<script>\xe9", TEXT, "inline, caged"),
    (PDF, b"%PDF-1.7", PDF, "inline"),
    (PDF, b"<html>", OCTETS, "attachment, caged"),
    ("text/html", b"<script>", OCTETS, "attachment, caged"),
    ("image/svg+xml", b"<svg>", OCTETS, "attachment, caged"),
]


@pytest.mark.parametrize("case", LOOKED_AT, ids=lambda case: f"{case[0]} {case[3]}")
def test_K3_only_what_no_browser_runs_is_shown_in_it(
    tom: FlaskClient,
    answers: Answers,
    web: tuple[APIFlask, Answers],
    case: tuple[str, bytes, str, str],
) -> None:
    claimed, content, given, how = case
    sha256 = web[0].extensions[EXTENSION].files.put(content)
    file = {"filename": "a", "content_type": claimed, "size_bytes": 8, "sha256": sha256}
    answers.by_method["get_case"] = a_case(messages=[entry(attachments=[file])])
    answer = tom.get("/cases/101/messages/1/attachments/0/look")
    assert answer.headers["Content-Type"] == given
    assert answer.headers["Content-Disposition"].startswith(how.partition(",")[0])
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy
    assert ("sandbox" in policy) is ("caged" in how)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_K3_days_and_long_texts_divide_the_thread(tom: FlaskClient, answers: Answers) -> None:
    long = "\n".join(f"line {place}" for place in range(50))
    answers.by_method["get_case"] = a_case(
        messages=[entry(text=long), entry(number=2), entry(number=3, at="2026-11-20T10:00:00Z")]
    )
    page = tom.get("/cases/101").text
    assert page.count('class="cw-day"') == 2 and "Friday, 20 Nov 2026" in page
    assert page.count('class="cw-rest"') == 1
    beginning, rest = parted(long)
    assert beginning.endswith("line 19") and rest.startswith("line 20") and rest.endswith("line 49")
    torn = parted("word " * 1000)
    assert "".join(torn) == "word " * 1000 and torn[1].startswith((" ", "word"))
    assert parted("x" * 5000) == ("x" * 2000, "x" * 3000)


def test_only_what_was_taken_lets_go_of_a_kept_text(tom: FlaskClient, answers: Answers) -> None:
    form = {"kind": "note", "text": "Hm", "idempotency_key": "abc-1"}
    answer = post(tom, "/cases/101/messages", **form)
    assert "casewire_taken=answer:101/abc-1;" in answer.headers["Set-Cookie"].replace('"', "")
    answers.by_method["add_message"] = InvalidRequest("text", "say more")
    refused = post(tom, "/cases/101/messages", **form)
    assert "casewire_taken" not in refused.headers.get("Set-Cookie", "")
    assert "data-draft-given" in refused.text
    strange = post(tom, "/cases/101/edit", subject="New", idempotency_key="a;b\n", version="3")
    assert "casewire_taken" not in str(strange.headers)


@pytest.mark.parametrize(
    ("referrer", "wanted"),
    [
        ("http://localhost/cases/101?answer=1", "/cases/101?answer=1"),
        ("http://localhost/cases/101/messages", "/cases/101/messages"),
        ("http://localhost/sign-out", None),
        ("http://evil.example/cases/101", None),
        ("", None),
    ],
)
def test_who_sends_without_a_session_comes_back_to_his_page(
    client: FlaskClient, referrer: str, wanted: str | None
) -> None:
    answer = client.post("/cases/101/messages", headers={"Referer": referrer})
    assert answer.status_code == 303
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert asked.get("next") == ([wanted] if wanted else None)
    assert client.get("/cases/101/messages").headers["Location"].startswith("/sign-in")


def change(version: int, field: str, before: Any, after: Any) -> dict[str, Any]:
    return {
        "version": version,
        "at": "2026-11-24T10:00:00Z",
        "event_type": "case.updated",
        "event_id": str(version),
        "actor_kind": "user",
        "actor_name": "Anna",
        "changes": [{"field": field, "before": before, "after": after}],
    }


def test_K1_a_field_is_saved_on_top_of_what_others_did_elsewhere(
    tom: FlaskClient, answers: Answers
) -> None:
    history = [change(4, "section", None, {"id": 2, "name": "Technical"})]
    answers.by_method["get_case"] = a_case(version=4, priority="normal", history=history)
    assert 'name="priority"' in tom.get("/cases/101/fields/priority").text
    answer = post(tom, "/cases/101/fields/priority", version="3", priority="high")
    assert answer.headers["Location"] == "/cases/101"
    sent = answers.last("change_case")["command"]
    assert (sent["version"], sent["fields"]) == (4, {"priority": "high"})


def test_K1_a_field_that_another_changed_shows_both(tom: FlaskClient, answers: Answers) -> None:
    history = [change(4, "priority", "normal", "highest")]
    answers.by_method["get_case"] = a_case(version=4, priority="highest", history=history)
    answer = post(tom, "/cases/101/fields/priority", version="3", priority="low")
    assert answer.status_code == 409
    assert "<b>Anna was faster.</b> Now: Highest. Yours: Low." in answer.text
    assert "change_case" not in {name for _, name, _ in answers.asked}
    left = post(tom, "/cases/101/fields/priority", version="3", priority="normal")
    assert left.status_code == 303, "who changed nothing undoes nothing"
    assert "change_case" not in {name for _, name, _ in answers.asked}


def test_K1_a_mail_that_comes_in_while_saving_stops_nobody(
    tom: FlaskClient, answers: Answers
) -> None:
    outcomes: list[Any] = [StaleVersion("case", 3, 4), a_case(version=5)]

    def change_case(command: dict[str, Any]) -> Any:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    answers.by_method["change_case"] = change_case
    assert post(tom, "/cases/101/fields/priority", version="3", priority="high").status_code == 303
    assert outcomes == []


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("deadline", "soon", "A day and time such as"),
        ("priority", "urgent", "Choose one of the list."),
        ("partner", "Nobody & Sons", "Nobody"),
    ],
)
def test_K1_what_a_field_cannot_take_is_told_at_it(
    tom: FlaskClient, name: str, given: str, words: str
) -> None:
    answer = post(tom, f"/cases/101/fields/{name}", version="3", **{name: given})
    assert answer.status_code == 422 and words in answer.text
    assert tom.get("/cases/101/fields/number").status_code == 404


def test_K6_what_else_the_partner_has_stands_beside_the_case(
    tom: FlaskClient, answers: Answers
) -> None:
    other = {
        "number": 90,
        "subject": "Smoke",
        "state": "open",
        "last_action_at": "2026-11-24T10:00:00Z",
    }
    answers.by_method["get_case"] = a_case(partner={"id": 5, "name": "Acme"}, partner_cases=[other])
    answers.asked.clear()
    page = tom.get("/cases/101").text
    assert "Other cases of Acme" in page and 'href="/cases/90"' in page
    methods = [name for _, name, _ in answers.asked]
    assert methods.count("get_case") == 1 and len(methods) == len(set(methods)) <= 5, methods

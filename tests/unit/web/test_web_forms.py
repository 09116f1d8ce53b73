"""What people do with forms, and what becomes of it when two do so at once."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, a_case, csrf_of, sign_in
from werkzeug.datastructures import MultiDict

from services.contracts.case_commands import CaseView
from services.web.pages.case_form import texts_of
from services.web.pages.conflict import find_conflict, without_theirs


def history(version: int, *changes: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": version,
        "at": "2026-11-24T10:00:00Z",
        "event_type": "case.updated",
        "event_id": str(version),
        "actor_kind": "user",
        "actor_name": "Anna",
        "changes": list(changes),
    }


def test_K2_a_conflict_keeps_mine_takes_theirs_and_shows_both_where_they_clash() -> None:
    section = {"id": 2, "name": "Technical"}
    case = CaseView.model_validate(
        a_case(
            version=5,
            priority="high",
            section=section,
            subject="Printer on fire",
            history=[
                history(4, {"field": "priority", "before": "normal", "after": "high"}),
                history(5, {"field": "section", "before": None, "after": section}),
            ],
        )
    )
    written = texts_of(case, "UTC") | {"subject": "Mine", "priority": "low", "section_id": ""}
    conflict = find_conflict(case, 3, written, "UTC")
    assert (conflict.held, conflict.current) == (3, 5)
    assert conflict.texts["subject"] == "Mine"
    assert conflict.texts["section_id"] == "2"
    assert conflict.texts["priority"] == "low"
    assert conflict.theirs == {"priority": "high"}
    assert conflict.by == {"priority": "Anna"}
    assert [line.who for line in conflict.since] == ["Anna", "Anna"]


def test_K2_a_stale_form_is_shown_again_with_what_was_written(
    client: FlaskClient, answers: Answers
) -> None:
    change = {"field": "priority", "before": "normal", "after": "high"}
    answers.by_method["get_case"] = a_case(version=4, priority="high", history=[history(4, change)])
    sign_in(client)
    page = client.get("/cases/101/edit").text
    form = {
        "csrf_token": csrf_of(page),
        "version": "3",
        "subject": "My words",
        "priority": "normal",
    }
    answer = client.post("/cases/101/edit", data=form)
    assert answer.status_code == 409
    assert "Somebody was faster" in answer.text and 'value="My words"' in answer.text
    assert 'name="version" value="4"' in answer.text
    assert "change_case" not in {name for _, name, _ in answers.asked}


def test_only_what_was_changed_is_sent(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["get_case"] = a_case()
    answers.by_method["change_case"] = a_case(version=4)
    sign_in(client)
    csrf = csrf_of(client.get("/cases/101/edit").text)
    form = {
        "csrf_token": csrf,
        "version": "3",
        "subject": "Printer on fire",
        "priority": "high",
        "section_id": "",
        "watchers": "Eve <eve@x.org>\nbob@y.org",
    }
    assert client.post("/cases/101/edit", data=form).status_code == 303
    sent = answers.last("change_case")["command"]
    assert sent["fields"] == {
        "priority": "high",
        "watchers": [
            {"address": "eve@x.org", "name": "Eve", "side": "partner"},
            {"address": "bob@y.org", "name": "", "side": "partner"},
        ],
    }
    assert (sent["version"], sent["actor_id"]) == (3, 3)


def test_an_answer_can_move_the_case_with_it(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["get_case"] = a_case()
    answers.by_method["add_message"] = a_case(version=4)
    answers.by_method["move_case"] = a_case(version=5, state="done")
    sign_in(client)
    csrf = csrf_of(client.get("/cases/101").text)
    form = {"csrf_token": csrf, "kind": "note", "text": "x", "minutes_spent": "5", "then": "done"}
    assert client.post("/cases/101/messages", data=form).status_code == 303
    assert answers.last("add_message")["command"]["minutes_spent"] == 5
    moved = answers.last("move_case")["command"]
    assert (moved["version"], moved["state"]) == (4, "done")


def test_a_new_system_says_how_the_first_case_comes(client: FlaskClient, answers: Answers) -> None:
    sign_in(client)
    page = client.get("/", follow_redirects=True).text
    assert "python -m services.mailgw deliver &lt; mail.eml" in page
    answers.by_method["list_cases"] = lambda question: {
        "items": [] if question["q"] else [a_case()],
        "next": None,
    }
    assert "No case fits" in client.get("/cases?q=nothing").text
    assert "Printer on fire" in client.get("/cases").text


def test_a_strangers_words_are_never_markup(client: FlaskClient, answers: Answers) -> None:
    evil = "<script>alert(1)</script>"
    answers.by_method["get_case"] = a_case(
        subject=evil,
        contact={"name": evil, "address": "a@b.c"},
        messages=[
            {
                "number": 1,
                "kind": "mail",
                "direction": "in",
                "author": evil,
                "at": "2026-11-24T10:00:00Z",
                "text": evil,
                "quoted": evil,
                "attachments": [{"filename": evil, "size_bytes": 1}],
            }
        ],
    )
    sign_in(client)
    assert evil not in client.get("/cases/101").text


@pytest.mark.parametrize("form", [{}, {"version": "x", "state": "done"}, {"version": "3"}])
def test_a_form_that_no_page_of_ours_made_is_refused(
    client: FlaskClient, answers: Answers, form: dict[str, str]
) -> None:
    answers.by_method["get_case"] = a_case()
    sign_in(client)
    csrf = csrf_of(client.get("/cases/101").text)
    answer = client.post("/cases/101/state", data={**form, "csrf_token": csrf})
    assert answer.status_code == 400


@pytest.mark.parametrize("question", ["section_id=x", "state=no&state=open", "cursor=%00", "q=%ff"])
def test_an_address_typed_wrongly_still_lists_cases(client: FlaskClient, question: str) -> None:
    sign_in(client)
    assert client.get(f"/cases?{question}").status_code == 200
    assert client.get(f"/report?{question}").status_code == 503


def test_K2_where_the_others_version_is_chosen_nothing_is_said_of_the_field() -> None:
    given = MultiDict(
        {"subject": "Mine", "priority": "low", "take.subject": "mine", "take.priority": "theirs"}
    )
    assert without_theirs(given).to_dict() == {"subject": "Mine"}

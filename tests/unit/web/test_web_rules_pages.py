"""The list of rules, the page of one, templates and working calendars."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, csrf_of, sign_in

from services.contracts.directory import DirectoryChange
from services.contracts.errors import InvalidRequest
from services.web.pages.entry_history import entry_lines, plain_words
from services.web.pages.working_hours import hours_text, read_hours

MOMENT = "2026-11-24T10:00:00Z"
RULES = [
    {"id": id, "name": name, "order": order, "problem": problem, "active": not problem}
    for id, name, order, problem in (
        (3, "B", 20, "Tom has left"),
        (1, "A", 10, ""),
        (2, "C", 30, ""),
    )
]
FIRING = {
    "firing_id": "f",
    "rule_id": 1,
    "case_number": 101,
    "at": MOMENT,
    "why": ["its priority is low"],
    "set_off_by": "case.created",
    "chain": ["First", "Second"],
    "changed": True,
    "refused": ["escalate: there is no section above"],
    "next_action_at": "2026-11-24T11:30:00Z",
}
SUMMARY = {"rule_id": 1, "days": 7, "fired": 42, "acted": 3, "median_seconds_to_action": 5400}
FAILURE = {"rule_id": 1, "case_number": 102, "at": MOMENT, "error": "it broke", "attempts": 2}
CALENDAR = {"id": 4, "name": "Office", "country": "DE", "subdivision": "BY"}
TEMPLATE = {"id": 8, "name": "Welcome", "subject": "[{{ case.number }}]", "text": "Dear you"}


@pytest.fixture
def admin(client: FlaskClient, answers: Answers) -> FlaskClient:
    answers.by_method |= {
        "list_rules": RULES,
        "list_firings": [FIRING],
        "get_rule": RULES[1] | {"trigger": {"date": "creation", "delay": 2}},
        "rule_summary": SUMMARY,
        "list_failures": [FAILURE],
        "list_history": [],
        "order_rules": RULES,
        "list_calendars": [CALENDAR],
        "get_calendar": CALENDAR,
        "save_calendar": CALENDAR,
        "list_countries": [{"code": "DE", "name": "Germany", "subdivisions": ["BY", "HH"]}],
        "list_holidays": lambda country, subdivision, year: [
            {"day": f"{year}-12-25", "name": f"Christmas in {country}-{subdivision}"}
        ],
        "list_templates": [TEMPLATE],
        "get_template": TEMPLATE,
        "save_template": TEMPLATE,
        "list_directory_history": [],
    }
    sign_in(client, name="admin")
    return client


def test_A4_the_list_is_in_order_and_says_why_a_rule_was_switched_off(
    admin: FlaskClient, answers: Answers
) -> None:
    page = admin.get("/rules").text
    assert re.findall(r'name="id" value="(\d)"', page) == ["1", "3", "2"]
    assert "Switched off: Tom has left" in page and "fired <time" in page


MOVES = [
    ({"id": ["2", "1", "3"]}, (2, 1, 3)),
    ({"id": ["1", "3", "2"], "move": "up:2"}, (1, 2, 3)),
    ({"id": ["1", "3", "2"], "move": "down:1"}, (3, 1, 2)),
    ({"id": ["1", "3", "2"], "move": "up:1"}, (1, 3, 2)),
]


@pytest.mark.parametrize(("given", "order"), MOVES)
def test_A4_rules_are_put_in_order_by_drag_and_by_button(
    admin: FlaskClient, answers: Answers, given: dict[str, Any], order: tuple[int, ...]
) -> None:
    csrf = csrf_of(admin.get("/rules").text)
    answer = admin.post("/rules/order", data=given | {"csrf_token": csrf})
    assert answer.status_code == 303
    assert answers.last("order_rules")["command"]["ids"] == list(order)


def test_the_page_of_a_rule_tells_what_it_did_and_why(admin: FlaskClient, answers: Answers) -> None:
    page = admin.get("/rules/1?days=7").text
    assert answers.last("rule_summary") == {"rule_id": 1, "days": 7}
    for words in (
        "2 days after a case was opened",
        "<b>42</b>",
        "<b>1.5 h</b>",
        "its priority is low",
        "the opening of the case",
        "after First → Second",
        "escalate: there is no section above",
        "acted on after 1.5 h",
        "it broke",
    ):
        assert words in page, words
    assert 'href="/cases/101"' in page and 'href="/cases/102"' in page


def test_firings_go_on_from_the_last_one_shown(admin: FlaskClient, answers: Answers) -> None:
    many = [FIRING | {"firing_id": f"f{n}"} for n in range(50)]
    answers.by_method["list_firings"] = many
    assert "before=f49#firings" in admin.get("/rules/1").text
    admin.get("/rules/1?before=f49")
    assert answers.last("list_firings")["before"] == "f49"


def test_the_history_of_an_entry_tells_adding_changing_and_deleting_apart() -> None:
    def change(version: int, after: object, field: str = "name") -> DirectoryChange:
        told = {"field": field, "before": "x", "after": after}
        given = {"what": "rule", "key": "1", "version": version, "at": MOMENT, "actor_id": 3}
        return DirectoryChange.model_validate(given | {"changes": [told]})

    history = [change(3, None), change(2, None, "criteria.section_id"), change(1, "x")]
    lines = entry_lines(history, plain_words, {3: "Tom Novak"})
    assert [line.what for line in lines] == ["deleted it", "changed it", "added it"]
    assert {line.who for line in lines} == {"Tom Novak"}
    assert lines[1].changes == (("Section", "x", "–"),) and lines[2].changes == ()


def test_a_reader_sees_rules_and_changes_none(client: FlaskClient, answers: Answers) -> None:
    answers.by_method |= {"list_rules": RULES, "list_firings": []}
    sign_in(client, name="rita")
    page = client.get("/rules").text
    assert "data-grip" not in page and "New rule" not in page
    assert client.get("/rules/new").status_code == 403


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("9-12, 13:00–17:30", (("09:00", "12:00"), ("13:00", "17:30"))),
        ("8.30 - 24", (("08:30", "24:00"),)),
        ("", ()),
    ],
)
def test_A2_hours_are_read_as_people_write_them(text: str, spans: tuple[Any, ...]) -> None:
    assert read_hours(text) == spans
    assert read_hours(hours_text(spans)) == spans


def test_A2_a_calendar_is_saved_and_its_wrong_hours_are_said_at_the_day(
    admin: FlaskClient, answers: Answers
) -> None:
    page = admin.get("/calendars/4").text
    form = {"csrf_token": csrf_of(page), "version": "1", "name": "Office", "active": "on"}
    form |= {"time_zone": "Europe/Berlin", "hours.0": "9-17", "country": "DE"}
    wrong = admin.post("/calendars/4", data=form | {"hours.1": "nine to five"})
    assert (wrong.status_code, 'id="e-hours.1"' in wrong.text) == (422, True)
    assert 'value="nine to five"' in wrong.text
    answers.by_method["save_calendar"] = InvalidRequest("hours.0", "Monday: put them in order")
    refused = admin.post("/calendars/4", data=form)
    assert 'id="e-hours.0">Monday: put them in order' in refused.text
    answers.by_method["save_calendar"] = CALENDAR
    assert admin.post("/calendars/4", data=form | {"closed_days": "2026-12-24"}).status_code == 303
    fields = answers.last("save_calendar")["command"]["fields"]
    assert fields["hours"] == [[["09:00", "17:00"]], [], [], [], [], [], []]
    assert fields["closed_days"] == ["2026-12-24"] and fields["country"] == "DE"


def test_A2_a_calendar_shows_the_holidays_of_the_place_chosen(
    admin: FlaskClient, answers: Answers
) -> None:
    page = admin.get("/calendars/4").text
    assert page.count("Christmas in DE-BY") == 2
    fragment = admin.get("/calendars/holidays?country=DE&subdivision=HH").text
    assert fragment.count("Christmas in DE-HH") == 2 and 'value="HH" selected' in fragment
    assert "Christmas" not in admin.get("/calendars/holidays?country=").text


def test_a_template_is_previewed_while_it_is_written(admin: FlaskClient, answers: Answers) -> None:
    answers.by_method["preview_template"] = {"subject": "[101]", "text": "Dear Maria"}
    page = admin.get("/templates/8").text
    form = {"csrf_token": csrf_of(page), "version": "1", "preview_number": "101"}
    form |= {"name": "W", "subject": "[{{ case.number }}]", "text": "Dear {{ case.contact }}"}
    assert "Dear Maria" in admin.post("/templates/preview", data=form).text
    answers.by_method["preview_template"] = InvalidRequest("text", "a case has no nmae")
    assert "Text: a case has no nmae" in admin.post("/templates/preview", data=form).text
    assert "save_template" not in {name for _, name, _ in answers.asked}
    assert admin.post("/templates/8", data=form | {"do": "save"}).status_code == 303
    assert answers.last("save_template")["command"]["fields"]["subject"] == form["subject"]

"""The list of cases: what its address asks, what it shows, and changing what is ticked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, a_case, csrf_of, sign_in

FIELDS = [
    {"code": "serial", "name": "Serial number"},
    {"code": "model", "name": "Model", "type": "choice", "choices": ["A4", "A3"]},
    {"code": "expert", "name": "Expert", "type": "person"},
]


@pytest.fixture
def kinds(answers: Answers) -> list[dict[str, Any]]:
    answers.by_method["list_kinds"] = [
        {"code": "helpdesk", "name": "Helpdesk request"},
        {"code": "repair", "name": "Repair", "fields": FIELDS},
    ]
    answers.by_method["list_cases"] = {"items": [a_case()], "next": "on"}
    return list(answers.by_method["list_kinds"])


def question_of(client: FlaskClient, answers: Answers, address: str) -> dict[str, Any]:
    assert client.get(f"/cases?{address}").status_code == 200
    return dict(answers.last("list_cases")["question"])


@pytest.mark.parametrize(
    ("address", "field", "asked"),
    [
        ("responsible_id=nobody", "nobody", True),
        ("responsible_id=me", "responsible_id", 3),
        ("responsible_id=2", "responsible_id", 2),
        ("late=on", "late", True),
        ("tag=fire", "tag", "fire"),
        ("category_id=1", "category_id", 1),
        ("partner_category_id=3", "partner_category_id", [3]),
        ("partner_category_id=3&partner_category_id=5", "partner_category_id", [3, 5]),
        ("partner_category_id=3&partner_category_id=3", "partner_category_id", [3]),
        ("partner_category_id=", "partner_category_id", []),
        ("partner_category_id=none", "partner_category_id", []),
        ("partner_category_id=none", "no_partner_category", True),
        ("partner_category_id=3", "no_partner_category", False),
        ("sort=deadline", "sort", "deadline"),
        ("sort=price", "sort", "newest"),
        ("state=done&state=open", "state", ["open", "done"]),
        ("kind=repair&custom.serial=X1&custom.model=A4", "custom", {"serial": "X1", "model": "A4"}),
        ("kind=repair&custom.unknown=1", "custom", {}),
        ("custom.serial=X1", "custom", {}),
    ],
)
@pytest.mark.usefixtures("kinds")
def test_K1_the_address_holds_every_filter(
    client: FlaskClient, answers: Answers, address: str, field: str, asked: Any
) -> None:
    sign_in(client)
    assert question_of(client, answers, address)[field] == asked


def test_K1_a_partner_is_asked_for_by_number_or_by_name(
    client: FlaskClient, answers: Answers, kinds: Any
) -> None:
    answers.by_method["get_partner"] = {"id": 7, "name": "Acme"}
    answers.by_method["list_partners"] = lambda q, cursor, limit: {
        "items": [{"id": 8, "name": "Blue"}] if q == "Blue" else [],
        "next": None,
    }
    sign_in(client)
    assert question_of(client, answers, "partner_id=7")["partner_id"] == 7
    assert 'value="Acme"' in client.get("/cases?partner_id=7").text
    assert question_of(client, answers, "partner_id=7&partner=Blue")["partner_id"] == 8
    assert question_of(client, answers, "partner_id=7&partner=")["partner_id"] is None
    assert "there is no partner called" in client.get("/cases?partner=Nobody+Ltd").text


@pytest.mark.parametrize("wrong", ["gold", "-1", "3.5", "²", "9999999999", "9" * 5000])
@pytest.mark.usefixtures("kinds")
def test_R4_a_partner_category_that_is_none_is_said(
    client: FlaskClient, answers: Answers, wrong: str
) -> None:
    sign_in(client)
    page = client.get(f"/cases?partner_category_id={wrong}&partner_category_id=3").text
    assert "Partner category: Choose one of the list." in page
    assert answers.last("list_cases")["question"]["partner_category_id"] == [3]


@pytest.mark.usefixtures("kinds")
def test_R4_partner_categories_asked_for_are_shown_and_can_be_taken_away(
    client: FlaskClient, answers: Answers
) -> None:
    answers.by_method["list_partner_categories"] = [
        {"id": 5, "name": "Contract", "path": "Contract"},
        {"id": 7, "name": "Gold", "path": "Contract / Gold"},
    ]
    sign_in(client)
    chip = r'name="partner_category_id" value="(\w+)" checked><span>([^<]*)'
    page = client.get("/cases?partner_category_id=7&partner_category_id=5").text
    assert '<option value="7" selected>Contract / Gold</option>' in page
    assert re.findall(chip, page) == [("5", "Contract")]
    page = client.get("/cases?partner_category_id=7").text
    assert '<option value="7" selected>Contract / Gold</option>' in page
    assert re.findall(chip, page) == []
    assert 'name="question" value="partner_category_id=7"' in page
    page = client.get("/cases?partner_category_id=none").text
    assert '<option value="none" selected>No partner category</option>' in page


def test_R4_without_partner_categories_a_list_has_no_choice_of_them(client: FlaskClient) -> None:
    sign_in(client)
    assert "No partner category" in client.get("/cases?partner_category_id=none").text
    assert "partner_category_id" not in client.get("/cases").text


def test_K9_custom_fields_of_the_chosen_kind_are_filters_and_columns(
    client: FlaskClient, answers: Answers, kinds: Any
) -> None:
    case = a_case(kind="repair", custom={"serial": "X1", "expert": {"id": 2, "name": "Anna"}})
    answers.by_method["list_cases"] = {"items": [case], "next": None}
    sign_in(client)
    page = client.get("/cases?kind=repair").text
    assert 'name="custom.serial"' in page and 'name="custom.expert"' in page
    cells = re.findall(r'<td class="c-custom" data-name="([^"]+)">([^<]*)</td>', page)
    assert cells == [("Serial number", "X1"), ("Model", ""), ("Expert", "Anna")]
    assert "c-custom" not in client.get("/cases").text


def test_a_page_leads_on_with_the_whole_question(
    client: FlaskClient, answers: Answers, kinds: Any
) -> None:
    sign_in(client)
    page = client.get("/cases?tag=fire&sort=priority&cursor=before").text
    assert 'href="/cases?tag=fire&amp;sort=priority&amp;cursor=on"' in page
    assert 'href="/cases?tag=fire&amp;sort=priority"' in page


def post_bulk(client: FlaskClient, **form: Any) -> Any:
    csrf = csrf_of(client.get("/cases?tag=fire").text)
    return client.post("/cases?tag=fire", data={"csrf_token": csrf, **form})


def test_ticked_cases_are_changed_at_once_and_refusals_say_why(
    client: FlaskClient, answers: Answers, kinds: Any
) -> None:
    answers.by_method["change_cases"] = {
        "changed": [101, 102],
        "unchanged": [103],
        "refused": [{"number": 104, "why": "it was merged into 90"}],
    }
    sign_in(client)
    answer = post_bulk(
        client,
        number=["101", "102", "104"],
        then="pending",
        responsible_id="none",
        priority="high",
        add_tags="Fire, urgent, fire",
        remove_tags="old",
    )
    assert answer.status_code == 200
    asked = answers.last("change_cases")["command"]
    assert asked["numbers"] == [101, 102, 104] and asked["state"] == "pending"
    assert asked["fields"] == {"responsible_id": None, "priority": "high"}
    assert (asked["add_tags"], asked["remove_tags"]) == (["Fire", "urgent"], ["old"])
    assert "2 cases changed" in answer.text and "it was merged into 90" in answer.text
    assert 'href="/cases/104"' in answer.text
    assert answers.last("list_cases")["question"]["tag"] == "fire"


def test_all_on_the_page_are_those_that_it_showed(
    client: FlaskClient, answers: Answers, kinds: Any
) -> None:
    answers.by_method["change_cases"] = {"changed": [], "unchanged": [101, 102], "refused": []}
    sign_in(client)
    post_bulk(client, all="on", shown=["101", "102"], number="101", priority="low")
    assert answers.last("change_cases")["command"]["numbers"] == [101, 102]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"priority": "high"}, "Tick the cases"),
        ({"number": "101"}, "Choose what becomes of them"),
        ({"number": "101", "priority": "huge"}, "Choose one of the list"),
        ({"number": "101", "add_tags": "x" * 51}, "at most 50 characters"),
    ],
)
def test_a_change_that_says_nothing_is_refused_and_keeps_what_was_ticked(
    client: FlaskClient, answers: Answers, kinds: Any, form: dict[str, str], words: str
) -> None:
    sign_in(client)
    answer = post_bulk(client, **form)
    assert answer.status_code == 422 and words in answer.text
    ticked = re.search(r'name="number" value="101"[^>]* checked', answer.text)
    assert (ticked is not None) == ("number" in form)
    assert "change_cases" not in {name for _, name, _ in answers.asked}


def test_O3_a_reader_gets_no_boxes_to_tick(
    client: FlaskClient, answers: Answers, kinds: Any
) -> None:
    sign_in(client, name="rita")
    page = client.get("/cases").text
    assert 'name="number"' not in page and "Printer on fire" in page


def test_tags_are_suggested_for_the_last_of_several(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["list_tags"] = [
        {"tag": "fire", "count": 3},
        {"tag": "first", "count": 2},
        {"tag": "water", "count": 1},
    ]
    sign_in(client)
    found = re.findall(r'value="([^"]+)"', client.get("/tags?tags=water,+fi").text)
    assert found == ["water, fire", "water, first"]
    assert re.findall(r'value="([^"]+)"', client.get("/tags?tags=fire,f").text) == ["fire, first"]

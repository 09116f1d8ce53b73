"""The pages of gradings of suppliers: list, form, table and deleting (R5)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.grading_answers import CATEGORIES, GRADES, GRADING, SHOWN
from unit.web.web_bench import Answers, csrf_of, sign_in

from services.contracts.errors import InvalidRequest, StaleVersion
from services.contracts.grades import Grading
from services.web.pages.grade_rows import rows_of

PARTS = ("category_id", "most_cases", "most_cost", "most_hours_to_respond")
Row = tuple[str, str, str, str]
FULL: list[Row] = [("11", "1", "1000.5", "8"), ("12", "5", "", ""), ("13", "", "", "")]


@pytest.fixture
def anna(client: FlaskClient, answers: Answers) -> FlaskClient:
    """A manager."""
    answers.by_method |= {
        "list_gradings": [GRADING],
        "get_grading": GRADING,
        "save_grading": GRADING,
        "delete_grading": None,
        "show_grades": SHOWN,
        "list_partner_categories": CATEGORIES,
    }
    assert sign_in(client, name="anna") == 303
    return client


def post(client: FlaskClient, *rows: Row, to: str = "/gradings/4/edit", **more: str) -> Any:
    columns = {f"grade_{part}": [row[n] for row in rows] for n, part in enumerate(PARTS)}
    form = {
        **{"name": "Supplier quality", "kind": "helpdesk", "section_id": "", "months": "6"},
        **{"time_zone": "UTC", "currency": "eur", "active": "on", "version": "2"},
    }
    key = csrf_of(client.get(to).text)
    return client.post(to, data={"csrf_token": key, **form, **columns, **more})


def written(page: str) -> list[Row]:
    """The rows of the form."""
    lists = re.findall(r'<select class="form-select" name="grade_category_id".*?</select>', page)
    chosen = [re.search(r'value="(\d+)" selected', one) for one in lists]
    columns = [re.findall(rf'name="grade_{part}" value="([^"]*)"', page) for part in PARTS[1:]]
    categories = [one[1] if one else "" for one in chosen]
    return list(zip(categories, *columns, strict=True))


def wrong(page: str) -> set[str]:
    """The fields that something is said of; each field is marked."""
    found = set(re.findall(r'class="cw-wrong" id="e-(\d[^"]+)"', page))
    assert found == set(re.findall(r'aria-describedby="e-(\d[^"]+)"', page))
    return found


def test_R5_the_list_names_what_counts_and_the_grades(anna: FlaskClient, answers: Answers) -> None:
    page = anna.get("/gradings").text
    assert 'href="/gradings/4"' in page
    assert "Helpdesk request, Technical" in page and "6 months" in page
    assert "Suppliers / Good, Suppliers / Fair, Suppliers / Poor" in page
    answers.by_method["list_gradings"] = []
    assert "Nobody is graded yet" in anna.get("/gradings").text


def test_R5_the_table_tells_each_supplier_and_why_he_is_no_better(anna: FlaskClient) -> None:
    page = anna.get("/gradings/4").text
    assert "kind Helpdesk request in the section Technical" in page
    rows = re.findall(r"<tr>\s*<td class=\"c-name\">(.*?)</tr>", page, re.DOTALL)
    blue, red, grey = (re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows)
    assert blue.startswith("Blue &amp; Co Suppliers / Good 1 case 0.00 EUR")
    assert "3 cases 1,200.50 EUR 9.5 h" in red
    assert (
        "3 cases, where Suppliers / Good allows 1; "
        "1,200.50 EUR, where Suppliers / Good allows 1,000.50 EUR; "
        "9.5 h, where Suppliers / Good allows 8.0 h"
    ) in red
    assert grey.endswith("not graded: there is no rate for CHF, GBP")
    assert 'href="/cases?partner_id=2&amp;kind=helpdesk&amp;section_id=2"' in page
    assert "at most 1 case; a cost of at most 1,000.50 EUR; a first answer after 8.0 h" in page
    assert page.count("1 supplier<") == 2 and "0 suppliers<" in page
    assert "3 cases, where Suppliers / Good allows 1</p>" in page


def test_R5_the_form_shows_the_grades_in_their_order(anna: FlaskClient) -> None:
    page = anna.get("/gradings/4/edit").text
    assert written(page) == FULL
    assert 'name="version" value="2"' in page
    assert written(anna.get("/gradings/new").text) == [("", "", "", "")] * 3


def test_R5_a_grading_is_saved_with_every_digit(anna: FlaskClient, answers: Answers) -> None:
    rows: list[Row] = [("11", "0", "1000,50", "1.5"), ("", "", "", ""), ("13", "", "", "")]
    answer = post(anna, *rows)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/gradings/4")
    asked = answers.last("save_grading")["command"]
    assert (asked["id"], asked["version"], asked["actor_id"]) == (4, 2, 2)
    assert asked["fields"] == {
        "name": "Supplier quality",
        "kind": "helpdesk",
        "section_id": None,
        "months": 6,
        "time_zone": "UTC",
        "currency": "EUR",
        "active": True,
        "grades": [
            {
                "category_id": 11,
                "most_cases": 0,
                "most_cost": "1000.50",
                "most_hours_to_respond": 1.5,
            },
            {
                "category_id": 13,
                "most_cases": None,
                "most_cost": None,
                "most_hours_to_respond": None,
            },
        ],
    }
    assert post(anna, *rows, to="/gradings/new", version="").status_code == 303
    assert answers.last("save_grading")["command"]["id"] is None


def test_R5_what_is_wrong_stands_at_its_row_and_nothing_is_saved(
    anna: FlaskClient, answers: Answers
) -> None:
    rows: list[Row] = [("", "1", "", ""), ("12", "many", "-1", "x"), ("13", "", "", "-0.5")]
    answer = post(anna, *rows)
    assert answer.status_code == 422
    assert wrong(answer.text) == {
        *("0-category_id", "1-most_cases", "1-most_cost", "1-most_hours_to_respond"),
        "2-most_hours_to_respond",
    }
    assert written(answer.text) == rows
    assert post(anna).status_code == 422
    for field, value in (("currency", "Euro"), ("months", "37"), ("time_zone", "Mars")):
        assert post(anna, *FULL, **{field: value}).status_code == 422, field
    assert "save_grading" not in [method for _, method, _ in answers.asked]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("grades.1.category_id", {"1-category_id"}),
        ("grades.2.most_cost", {"2-most_cost"}),
        ("grades.1", {"1-category_id"}),
        ("kind", set()),
    ],
)
def test_R5_what_the_service_refuses_stands_at_its_place(
    anna: FlaskClient, answers: Answers, field: str, told: set[str]
) -> None:
    answers.by_method["save_grading"] = InvalidRequest(field, "must not be empty")
    answer = post(anna, *FULL)
    assert (answer.status_code, wrong(answer.text)) == (422, told)
    assert "ust not be empty" in answer.text


def test_R5_a_conflict_says_so_and_keeps_what_was_written(
    anna: FlaskClient, answers: Answers
) -> None:
    answers.by_method["save_grading"] = StaleVersion("grading", 1, 2)
    answer = post(anna, *FULL[1:], version="1")
    assert answer.status_code == 409 and "The grading was changed meanwhile" in answer.text
    assert written(answer.text) == FULL[1:]
    assert 'name="version" value="2"' in answer.text


def test_R5_rows_are_moved_added_and_removed_without_a_script(
    anna: FlaskClient, answers: Answers
) -> None:
    first, second, third = FULL
    empty = ("", "", "", "")
    for step, rows in {
        "up-1": [second, first, third],
        "down-1": [first, third, second],
        "remove-0": [second, third],
        "add": [*FULL, empty],
        "up-0": FULL,
        "up-9": FULL,
        "²": FULL,
    }.items():
        answer = post(anna, *FULL, arrange=step, version="2")
        assert (answer.status_code, written(answer.text)) == (200, rows), step
        assert 'name="version" value="2"' in answer.text
    assert "save_grading" not in [method for _, method, _ in answers.asked]


def test_R5_a_grading_is_deleted_after_a_question(anna: FlaskClient, answers: Answers) -> None:
    asking = anna.get("/gradings/4/delete").text
    assert "Delete Supplier quality?" in asking
    form = {"csrf_token": csrf_of(asking), "version": "2"}
    answers.by_method["delete_grading"] = StaleVersion("grading", 2, 3)
    stale = anna.post("/gradings/4/delete", data=form)
    assert stale.status_code == 409 and "changed meanwhile" in stale.text
    answers.by_method["delete_grading"] = None
    answer = anna.post("/gradings/4/delete", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/gradings")
    asked = answers.last("delete_grading")["command"]
    assert (asked["id"], asked["version"], asked["actor_id"]) == (4, 2, 2)


def test_R5_the_report_leads_managers_to_it(anna: FlaskClient, answers: Answers) -> None:
    answers.by_method["report"] = {"rows": []}
    assert 'href="/gradings"' in anna.get("/report").text
    assert 'aria-current="page"' in anna.get("/gradings").text
    tom = anna.application.test_client()
    assert sign_in(tom, name="tom") == 303
    assert 'href="/gradings"' not in tom.get("/report").text
    assert tom.get("/gradings").status_code == 403


def test_R5_whoever_sees_only_his_sections_is_not_shown_grades(client: FlaskClient) -> None:
    assert sign_in(client, name="nora") == 303
    assert client.get("/gradings/4").status_code == 403


def test_R5_limits_are_written_without_zeros_that_say_nothing() -> None:
    grading = Grading.model_validate({**GRADING, "grades": [*GRADES, {"category_id": 14}]})
    rows = [tuple(row.texts.values()) for row in rows_of(grading.grades)]
    assert rows == [*FULL, ("14", "", "", "")]
    big = {"category_id": 9, "most_cases": 100, "most_cost": "1E+3", "most_hours_to_respond": 0.125}
    (row,) = rows_of(Grading.model_validate({**GRADING, "grades": [big]}).grades)
    assert tuple(row.texts.values()) == ("9", "100", "1000", "0.125")

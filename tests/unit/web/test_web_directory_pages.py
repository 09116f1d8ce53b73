"""The pages of kinds with their fields, of categories, and the histories of the directory."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, csrf_of, sign_in

from services.contracts.errors import InvalidRequest, StaleVersion
from services.web.pages.field_rows import FieldRow, code_of
from services.web.pages.form_rows import arrange

KIND = {
    "code": "repair",
    "name": "Repair",
    "version": 4,
    "fields": [
        {"code": "serial", "name": "Serial number", "required": True},
        {"code": "model", "name": "Model", "type": "choice", "choices": ["A4", "A3"]},
    ],
}


@pytest.fixture
def anna(client: FlaskClient, answers: Answers) -> FlaskClient:
    answers.by_method["list_kinds"] = [{"code": "helpdesk", "name": "Helpdesk"}, KIND]
    answers.by_method["save_kind"] = KIND
    answers.by_method["list_categories"] = [
        {"id": 1, "name": "Hardware", "path": "Hardware", "version": 2},
        {"id": 2, "name": "Printer", "path": "Hardware / Printer", "parent_id": 1, "version": 5},
        {"id": 3, "name": "Old", "path": "Old", "active": False},
    ]
    answers.by_method["save_category"] = answers.by_method["list_categories"][1]
    sign_in(client, name="anna")
    return client


def rows(*given: dict[str, str]) -> dict[str, Any]:
    """What the rows of the form post."""
    parts = ("code", "name", "type", "choices")
    posted: dict[str, Any] = {}
    for part in parts:
        posted[f"field_{part}"] = [one.get(part, "") for one in given]
    posted["field_row"] = [str(place) for place in range(len(given))]
    posted["field_required"] = [str(n) for n, one in enumerate(given) if one.get("required")]
    return posted


SERIAL = {"code": "serial", "name": "Serial number", "type": "text", "required": "on"}
MODEL = {"code": "model", "name": "Model", "type": "choice", "choices": "A4, A3,"}


def post(client: FlaskClient, address: str, **form: Any) -> Any:
    csrf = csrf_of(client.get("/sections").text)
    return client.post(address, data={"csrf_token": csrf, **form})


def test_K5_a_kind_is_saved_with_its_fields_in_their_order(
    anna: FlaskClient, answers: Answers
) -> None:
    page = anna.get("/kinds/repair").text
    assert 'name="version" value="4"' in page and 'value="A4, A3"' in page
    visit = {"name": "Visited on", "type": "date"}
    form = rows(MODEL, visit, {}, SERIAL)
    answer = post(anna, "/kinds/repair", name="Repairs", active="on", version="4", **form)
    assert answer.status_code == 303
    sent = answers.last("save_kind")["command"]
    assert (sent["code"], sent["version"], sent["active"], sent["dated"]) == (
        "repair",
        4,
        True,
        False,
    )
    assert [(one["code"], one["type"], one["required"]) for one in sent["fields"]] == [
        ("model", "choice", False),
        ("visited_on", "date", False),
        ("serial", "text", True),
    ]
    assert sent["fields"][0]["choices"] == ["A4", "A3"]


def test_K5_a_new_kind_is_new(anna: FlaskClient, answers: Answers) -> None:
    post(anna, "/kinds/new", code="visit", name="Visit", active="on", dated="on")
    sent = answers.last("save_kind")["command"]
    assert (sent["code"], sent["version"], sent["fields"]) == ("visit", 0, [])


@pytest.mark.parametrize("code", ["Visit", "1st", "site visit", "käse"])
def test_K5_a_code_that_is_none_is_told_at_its_place(anna: FlaskClient, code: str) -> None:
    answer = post(anna, "/kinds/new", code=code, name="Visit")
    assert answer.status_code == 422
    assert 'id="e-code">Small letters' in answer.text and f'value="{code}"' in answer.text


def test_K9_rows_are_added_moved_and_removed_without_saving(
    anna: FlaskClient, answers: Answers
) -> None:
    def after(step: str) -> list[str]:
        form = rows(SERIAL, MODEL)
        page = post(anna, "/kinds/repair", name="Not saved yet", arrange=step, **form)
        assert page.status_code == 200 and 'value="Not saved yet"' in page.text
        return re.findall(r'name="field_name" value="([^"]*)"', page.text)

    assert after("add") == ["Serial number", "Model", ""]
    assert after("down-0") == after("up-1") == ["Model", "Serial number"]
    assert after("remove-0") == ["Model"]
    assert after("up-0") == after("down-1") == after("up-9") == ["Serial number", "Model"]
    assert "save_kind" not in {name for _, name, _ in answers.asked}


def test_K9_what_is_wrong_with_a_field_stands_in_its_row(
    anna: FlaskClient, answers: Answers
) -> None:
    answers.by_method["save_kind"] = InvalidRequest("fields.1.choices", "give the texts")
    page = post(anna, "/kinds/repair", name="Repair", **rows(SERIAL, MODEL))
    assert page.status_code == 422
    found = re.findall(r'<li class="cw-fieldrow( is-wrong)?">', page.text)
    assert found == ["", " is-wrong"] and "give the texts" in page.text
    page = post(anna, "/kinds/repair", name="Repair", **rows({"code": "A b", "name": "X"}))
    assert "Small letters, digits" in page.text and 'value="A b"' in page.text


def test_a_stale_kind_keeps_what_was_written(anna: FlaskClient, answers: Answers) -> None:
    answers.by_method["save_kind"] = StaleVersion("kind", 4, 5)
    page = post(anna, "/kinds/repair", name="Mine", version="4", **rows(MODEL))
    assert page.status_code == 409
    assert 'name="version" value="5"' in page.text and 'value="Mine"' in page.text


def test_K9_rows_and_codes() -> None:
    first, second = FieldRow("a", "A"), FieldRow("b", "B")
    assert arrange([first, second], "down-0", FieldRow) == [second, first]
    assert arrange([first], "nonsense", FieldRow) == [first]
    assert code_of("Serial number", set()) == "serial_number"
    assert code_of("Größe", {"groe"}) == "groe_2"
    assert code_of("2nd", set()) == "field_2nd"
    assert code_of("名", set()) == "field"


def test_K6_categories_are_a_tree(anna: FlaskClient, answers: Answers) -> None:
    page = anna.get("/categories").text
    assert re.search(r'cw-depth-1"><a href="/categories/2"', page) and "inactive" in page
    form = anna.get("/categories/1").text
    assert "Hardware / Printer</option>" not in form  # it lies below the one that is edited
    post(anna, "/categories/2", name="Printers", parent_id="1", version="5")
    sent = answers.last("save_category")["command"]
    assert (sent["id"], sent["version"], sent["name"], sent["parent_id"], sent["active"]) == (
        2,
        5,
        "Printers",
        1,
        False,
    )
    post(anna, "/categories/new", name="New", active="on")
    assert "id" not in answers.last("save_category")["command"]
    answers.by_method["save_category"] = InvalidRequest("parent_id", "lies below it")
    answer = post(anna, "/categories/2", name="Printers", parent_id="1", version="5")
    assert answer.status_code == 422 and 'id="e-parent_id">lies below it' in answer.text
    assert anna.get("/categories/99").status_code == 404


def test_K6_partner_categories_are_another_tree(anna: FlaskClient, answers: Answers) -> None:
    answers.by_method["save_partner_category"] = {"id": 1, "name": "Gold", "path": "Gold"}
    assert "Of partners" in anna.get("/partner-categories").text
    post(anna, "/partner-categories/new", name="Gold", active="on")
    assert answers.last("save_partner_category")["command"]["name"] == "Gold"


def test_K4_the_history_of_a_section_names_people(anna: FlaskClient, answers: Answers) -> None:
    answers.by_method["get_section"] = {"id": 1, "name": "Support"}
    changes = [
        {"field": "manager_id", "before": None, "after": 2},
        {"field": "member_ids", "before": [2], "after": [2, 3, 77]},
        {"field": "close_on_reply", "before": False, "after": True},
        {"field": "escalation_id", "before": 2, "after": None},
    ]
    entry = {"what": "section", "key": "1", "version": 2, "at": "2026-11-24T10:00:00Z"}
    answers.by_method["list_directory_history"] = [
        {**entry, "actor_name": "Anna Berger", "changes": changes}
    ]
    page = anna.get("/sections/1").text
    assert answers.last("list_directory_history") == {"what": "section", "key": "1"}
    found = re.findall(r"<del>(.*?)</del>.*?<ins>(.*?)</ins>", page)
    assert found == [
        ("–", "Anna Berger"),
        ("Anna Berger", "Anna Berger, Tom Novak, 77"),
        ("no", "yes"),
        ("Technical", "–"),
    ]


@pytest.mark.parametrize("address", ["/users/3", "/partners/7", "/kinds/repair", "/categories/2"])
def test_K8_every_form_of_the_directory_shows_its_history(
    client: FlaskClient, anna: FlaskClient, answers: Answers, address: str
) -> None:
    entry = {"what": "x", "key": "1", "version": 2, "at": "2026-11-24T10:00:00Z"}
    change = {"field": "name", "before": "Old name", "after": "New name"}
    answers.by_method["list_directory_history"] = [
        {**entry, "actor_name": "Rita", "changes": [change]}
    ]
    answers.by_method["get_partner"] = {"id": 7, "name": "Acme"}
    sign_in(client, name="admin")
    page = client.get(address).text
    assert "<b>Rita</b> changed it" in page and "<ins>New name</ins>" in page


def test_M6_a_section_is_saved_with_what_its_mails_end_with_and_speak(
    anna: FlaskClient, answers: Answers
) -> None:
    answers.by_method["save_section"] = {"id": 3, "name": "Service"}
    words = {"signature": "Ihr Service\r\nBlue GmbH", "language": "de", "plus_addresses": "on"}
    saved = post(anna, "/sections/new", name="Service", reply_address="s@ours.example", **words)
    assert saved.status_code == 303
    fields = answers.last("save_section")["command"]["fields"]
    assert fields["signature"] == "Ihr Service\nBlue GmbH"
    assert (fields["language"], fields["plus_addresses"]) == ("de", True)
    plain = post(anna, "/sections/new", name="Other", language="", signature="x" * 2001)
    assert plain.status_code == 422 and "At most 2000 characters" in plain.text

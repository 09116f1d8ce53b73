"""The page of a case: its fields of every kind, files, links, actions, merging and splitting."""

from __future__ import annotations

import hashlib
import io
import json
import re
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, a_case, csrf_of, sign_in

from services.contracts.case_commands import CaseView
from services.contracts.errors import InvalidRequest, NotFound, ServiceAway, StaleVersion
from services.web.pages.case_form import texts_of
from services.web.pages.conflict import find_conflict
from services.web.wiring import EXTENSION

REPAIR = {
    "code": "repair",
    "name": "Repair",
    "fields": [
        {"code": "serial", "name": "Serial number", "required": True},
        {"code": "pages", "name": "Pages", "type": "number"},
        {"code": "bought", "name": "Bought on", "type": "date"},
        {"code": "model", "name": "Model", "type": "choice", "choices": ["A4", "A3"]},
        {"code": "expert", "name": "Expert", "type": "person"},
    ],
}
CUSTOM = {"serial": "X1", "pages": 12.5, "bought": "2025-03-01", "expert": {"id": 2, "name": "A B"}}


def entry(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "number": number,
        "kind": "mail",
        "direction": "in",
        "author": "Maria <maria@acme.example>",
        "at": "2026-11-24T10:00:00Z",
        "text": "It burns",
        **fields,
    }


def stored(web: tuple[APIFlask, Answers]) -> Any:
    return web[0].extensions[EXTENSION].files


@pytest.fixture
def tom(client: FlaskClient, answers: Answers) -> FlaskClient:
    answers.by_method["list_kinds"] = [{"code": "helpdesk", "name": "Helpdesk"}, REPAIR]
    answers.by_method["get_case"] = a_case(kind="repair", custom=CUSTOM, messages=[entry(1)])
    answers.by_method["change_case"] = a_case(version=4)
    answers.by_method["add_message"] = a_case(version=4)
    sign_in(client)
    return client


def post(client: FlaskClient, address: str, **form: Any) -> Any:
    csrf = csrf_of(client.get("/cases/101").text)
    return client.post(address, data={"csrf_token": csrf, "version": "3", **form})


def test_K9_custom_fields_are_shown_by_name_and_in_the_form_by_type(tom: FlaskClient) -> None:
    page = tom.get("/cases/101").text
    assert "<dt>Serial number</dt><dd>X1</dd>" in page
    assert "<dt>Bought on</dt><dd>1 Mar 2025</dd>" in page and "<dd>A B</dd>" in page
    form = tom.get("/cases/101/edit").text
    assert re.search(r'name="custom.bought" type="date" value="2025-03-01"', form)
    assert re.search(r'name="custom.pages" type="text" value="12.5"', form)
    assert '<option value="2" selected>Anna Berger</option>' in form


def test_K9_only_custom_fields_that_differ_are_sent(tom: FlaskClient, answers: Answers) -> None:
    form = {
        "custom.serial": "X1",
        "custom.pages": "13,5",
        "custom.bought": "",
        "custom.model": "A3",
        "custom.expert": "2",
    }
    assert post(tom, "/cases/101/edit", kind="repair", **form).status_code == 303
    sent = answers.last("change_case")["command"]["fields"]
    assert sent == {"custom": {"pages": 13.5, "bought": None, "model": "A3"}}


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        ("custom.serial", "", "This is needed."),
        ("custom.pages", "many", "A number such as 12.5, please."),
        ("custom.pages", "nan", "A number such as 12.5, please."),
        ("custom.bought", "31.12.", "A day such as 2026-11-25, please."),
        ("custom.model", "A5", "Choose one of the list."),
    ],
)
def test_K9_a_wrong_custom_field_is_told_at_its_place(
    tom: FlaskClient, field: str, given: str, words: str
) -> None:
    answer = post(tom, "/cases/101/edit", **{field: given, "subject": "My new words"})
    assert answer.status_code == 422
    assert re.search(rf'id="e-{re.escape(field)}">{re.escape(words)}', answer.text)
    assert 'value="My new words"' in answer.text


def test_K9_what_the_service_says_of_a_custom_field_stands_at_it(
    tom: FlaskClient, answers: Answers
) -> None:
    answers.by_method["change_case"] = InvalidRequest("custom.serial", "give another")
    answer = post(tom, "/cases/101/edit", **{"custom.serial": "X2"})
    assert 'id="e-custom.serial">give another' in answer.text


def test_K9_another_kind_brings_its_fields_into_the_form(tom: FlaskClient) -> None:
    page = tom.get("/custom-fields?kind=repair&custom.serial=kept").text
    assert 'name="custom.serial" type="text" value="kept"' in page
    assert "custom." not in tom.get("/custom-fields?kind=helpdesk").text


def test_K9_a_custom_field_that_another_changed_is_not_put_back() -> None:
    change = {"field": "custom", "before": {"serial": "X1"}, "after": {"serial": "X2", "pages": 3}}
    history = {
        "version": 4,
        "at": "2026-11-24T10:00:00Z",
        "event_type": "case.updated",
        "event_id": "4",
        "actor_kind": "user",
        "actor_name": "Anna",
        "changes": [change],
    }
    now = a_case(version=4, custom={"serial": "X2", "pages": 3}, tags=["new"], history=[history])
    case = CaseView.model_validate(now)
    written = {"custom.serial": "X1", "custom.pages": "7", "tags": "new"}
    conflict = find_conflict(case, 3, written, "UTC")
    assert conflict.texts["custom.serial"] == "X2"
    assert (conflict.texts["custom.pages"], conflict.theirs) == ("7", {"custom.pages": "3"})
    assert texts_of(case, "UTC")["tags"] == "new"


def test_K1_the_description_and_the_tags_are_edited(tom: FlaskClient, answers: Answers) -> None:
    answers.by_method["get_case"] = a_case(description="One\r\ntwo \n", tags=["fire"])
    assert "One\r\ntwo" in tom.get("/cases/101/edit").text.replace("\n", "\r\n").replace(
        "\r\r", "\r"
    )
    same = {"description": "One\r\ntwo", "tags": "fire"}
    post(tom, "/cases/101/edit", **same)
    assert "change_case" not in {name for _, name, _ in answers.asked}
    post(tom, "/cases/101/edit", description="Three", tags="fire,  Line 2 ,fire")
    fields = answers.last("change_case")["command"]["fields"]
    assert fields == {"description": "Three", "tags": ["fire", "Line 2"]}


def test_K3_files_go_into_the_store_and_their_hashes_into_the_command(
    tom: FlaskClient, answers: Answers, web: tuple[APIFlask, Answers]
) -> None:
    files = [(io.BytesIO(b"one"), "one.txt"), (io.BytesIO(b"two"), "../two.png")]
    assert (
        post(tom, "/cases/101/messages", kind="note", text="Look", files=files).status_code == 303
    )
    sent = answers.last("add_message")["command"]["attachments"]
    assert [(one["filename"], one["size_bytes"]) for one in sent] == [
        ("one.txt", 3),
        ("_two.png", 3),
    ]
    assert sent[0]["sha256"] == hashlib.sha256(b"one").hexdigest()
    assert stored(web).get(sent[1]["sha256"]) == b"two"


def test_K3_an_attachment_is_downloaded_by_its_hash(
    tom: FlaskClient, answers: Answers, web: tuple[APIFlask, Answers]
) -> None:
    sha256 = stored(web).put(b"<script>")
    kept = {"filename": "x.html", "content_type": "text/html", "size_bytes": 8, "sha256": sha256}
    gone = {**kept, "sha256": "0" * 64}
    answers.by_method["get_case"] = a_case(messages=[entry(1, attachments=[kept, gone])])
    answer = tom.get("/cases/101/messages/1/attachments/0")
    assert answer.data == b"<script>" and answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename=x.html"
    assert tom.get("/cases/101/messages/1/attachments/1").status_code == 404


def test_K3_too_many_bytes_are_refused_at_the_field_and_the_text_is_kept(
    tom: FlaskClient, answers: Answers
) -> None:
    files = [(io.BytesIO(b"x" * 13_500_000), name) for name in ("a.bin", "b.bin")]
    answer = post(tom, "/cases/101/messages", kind="note", text="An hour of thought", files=files)
    assert answer.status_code == 422 and "at most 25 MB in all" in answer.text
    assert "An hour of thought</textarea>" in answer.text
    assert "add_message" not in {name for _, name, _ in answers.asked}


def test_K3_files_of_a_refused_answer_are_kept_for_the_next_try(
    tom: FlaskClient, answers: Answers
) -> None:
    answers.by_method["add_message"] = InvalidRequest("text", "say more")
    files = [(io.BytesIO(b"one"), "one.txt")]
    page = post(tom, "/cases/101/messages", kind="reply", text="Hm", files=files).text
    assert "say more" in page
    found = re.search(r'name="kept" value="([^"]+)"', page)
    assert found is not None
    kept = found[1].replace("&#34;", '"')
    answers.by_method["add_message"] = a_case(version=4)
    forged = json.dumps({**json.loads(kept), "sha256": "0" * 64})
    post(tom, "/cases/101/messages", kind="reply", text="Hm, hm", kept=[kept, forged, "nonsense"])
    (sent,) = answers.last("add_message")["command"]["attachments"]
    assert (sent["filename"], sent["sha256"]) == ("one.txt", hashlib.sha256(b"one").hexdigest())


def test_K3_files_outlive_an_absent_service(tom: FlaskClient, answers: Answers) -> None:
    answers.by_method["add_message"] = ServiceAway("cases", 5.0)
    files = [(io.BytesIO(b"one"), "one.txt")]
    page = post(tom, "/cases/101/messages", kind="reply", text="Hm", files=files)
    assert page.status_code == 503
    assert 'name="kept" value="{&#34;' in page.text and "Hm</textarea>" in page.text
    assert "did not get through" not in page.text


def test_a_merge_shows_the_other_case_before_it_is_confirmed(
    tom: FlaskClient, answers: Answers
) -> None:
    def get_case(number: int, asker_id: int) -> dict[str, Any]:
        if number == 404:
            raise NotFound("case", number)
        return a_case(number=number, version=number, subject=f"Subject of {number}")

    answers.by_method["get_case"] = get_case
    page = tom.get("/cases/101/merge?into=90").text
    assert "Subject of 90" in page and "Merge into 90" in page
    assert 'name="version" value="101"' in page and 'name="into_version" value="90"' in page
    assert "There is no case 404" in tom.get("/cases/101/merge?into=404").text
    assert "That is this case" in tom.get("/cases/101/merge?into=[101]").text
    assert "Give the number" in tom.get("/cases/101/merge?into=x").text


def test_a_merge_leads_to_the_case_that_stays(tom: FlaskClient, answers: Answers) -> None:
    answers.by_method["merge_case"] = a_case(number=90)
    answer = post(tom, "/cases/101/merge", into="90", into_version="7")
    assert answer.headers["Location"] == "/cases/90"
    sent = answers.last("merge_case")["command"]
    assert (sent["number"], sent["version"], sent["into"], sent["into_version"]) == (101, 3, 90, 7)


@pytest.mark.parametrize(
    "error",
    [InvalidRequest("into", "it is closed"), StaleVersion("case", 3, 4), NotFound("case", 90)],
)
def test_a_merge_that_is_refused_says_why(
    tom: FlaskClient, answers: Answers, error: Exception
) -> None:
    answers.by_method["merge_case"] = error
    answer = post(tom, "/cases/101/merge", into="90")
    assert answer.status_code == 422
    said = error.what_to_do if isinstance(error, InvalidRequest) else str(error)
    assert said in answer.text


def test_a_merged_case_says_where_it_went_and_takes_nothing_more(
    tom: FlaskClient, answers: Answers
) -> None:
    answers.by_method["get_case"] = a_case(
        merged_into=90, state="cancelled", messages=[entry(1, from_case=88)]
    )
    page = tom.get("/cases/101").text
    assert 'was merged into <a href="/cases/90">' in page
    assert "cw-composer" not in page and "Add an action" not in page and "/split" not in page
    assert 'href="/cases/88"' in page
    assert tom.get("/cases/101/merge").headers["Location"] == "/cases/101"


def test_a_message_becomes_a_case(tom: FlaskClient, answers: Answers) -> None:
    answers.by_method["get_case"] = a_case(messages=[entry(1, subject="Another thing")])
    answers.by_method["split_case"] = a_case(number=102)
    assert "/cases/101/messages/1/split" in tom.get("/cases/101").text
    page = tom.get("/cases/101/messages/1/split").text
    assert 'value="Another thing"' in page and "It burns" in page
    assert tom.get("/cases/101/messages/9/split").status_code == 404
    answer = post(tom, "/cases/101/messages/1/split", subject="A new one")
    assert answer.headers["Location"] == "/cases/102"
    sent = answers.last("split_case")["command"]
    assert (sent["message_number"], sent["subject"], sent["version"]) == (1, "A new one", 3)
    empty = post(tom, "/cases/101/messages/1/split", subject=" ")
    assert empty.status_code == 422 and "This is needed." in empty.text


def test_links_are_listed_added_and_taken_away(tom: FlaskClient, answers: Answers) -> None:
    links = [{"number": 90, "relation": "duplicate_of", "subject": "Smoke", "state": "done"}]
    answers.by_method["get_case"] = a_case(links=links, merged=[80])
    answers.by_method["link_cases"] = answers.by_method["unlink_cases"] = a_case()
    page = tom.get("/cases/101").text
    assert "Duplicate of" in page and "Smoke" in page and 'href="/cases/80"' in page
    post(tom, "/cases/101/links", other="77", relation="follows")
    sent = answers.last("link_cases")["command"]
    assert (sent["number"], sent["other"], sent["relation"]) == (101, 77, "follows")
    post(tom, "/cases/101/links/90/remove")
    assert answers.last("unlink_cases")["command"]["other"] == 90
    answers.by_method["link_cases"] = NotFound("case", 78)
    answer = post(tom, "/cases/101/links", other="78", relation="follows")
    assert answer.status_code == 422 and "there is no case 78" in answer.text
    assert 'name="other" value="78"' in answer.text
    assert "Give the number of a case" in post(tom, "/cases/101/links", other="").text


ACTION = {"id": 5, "type": "preventive", "text": "New rollers", "due": "2020-01-01", "version": 2}


def test_K7_quality_actions_are_listed_ticked_added_and_changed(
    tom: FlaskClient, answers: Answers
) -> None:
    answers.by_method["get_case"] = a_case(quality_actions=[ACTION])
    answers.by_method["save_quality_action"] = ACTION
    assert "overdue since 1 Jan 2020" in tom.get("/cases/101").text
    post(tom, "/cases/101/quality-actions/5", version="2", done="yes")
    sent = answers.last("save_quality_action")["command"]
    assert (sent["id"], sent["version"], sent["fields"]) == (5, 2, {"done": True})
    form = {"text": "Look", "type": "corrective", "owner_id": "2", "due": "2026-12-01"}
    csrf = csrf_of(tom.get("/cases/101").text)
    tom.post("/cases/101/quality-actions", data={"csrf_token": csrf, **form})
    sent = answers.last("save_quality_action")["command"]
    assert "id" not in sent
    assert sent["fields"] == {
        "type": "corrective",
        "text": "Look",
        "owner_id": 2,
        "due": "2026-12-01",
    }
    answers.by_method["save_quality_action"] = StaleVersion("action", 2, 3)
    answer = post(tom, "/cases/101/quality-actions/5", version="2", **form)
    assert answer.status_code == 422 and "was changed meanwhile" in answer.text
    assert re.search(r"<textarea[^>]*>Look</textarea>", answer.text)


def test_A2_how_long_is_left_stands_on_the_case(tom: FlaskClient, answers: Answers) -> None:
    answers.by_method["get_case"] = a_case(
        response_deadline="2020-01-01T00:00:00Z", deadline="2999-01-01T00:00:00Z", minutes_spent=85
    )
    page = tom.get("/cases/101").text
    assert re.search(r'cw-due is-late">Answer due <time [^>]*data-left>[\d d h]+ late', page)
    assert re.search(
        r'cw-due">Due <time [^>]*title="Due: Tue 1 Jan 2999, 00:00" data-left>in', page
    )
    assert "<dt>Time spent</dt><dd>1 h 25 min</dd>" in page

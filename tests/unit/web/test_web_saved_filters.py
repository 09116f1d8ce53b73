"""Questions of the list kept under a name: for oneself, and by managers for all."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, a_case, csrf_of, sign_in

from services.web.kept_question import normal_question


def test_a_question_is_kept_without_its_page_and_in_one_order() -> None:
    pairs = [("tag", "b"), ("cursor", "x"), ("q", " "), ("state", "open"), ("state", "draft")]
    assert normal_question([*pairs, ("sort", "newest")]) == "state=draft&state=open&tag=b"
    pairs = [("partner_category_id", "7"), ("partner_category_id", "5")]
    assert normal_question(pairs) == "partner_category_id=5&partner_category_id=7"
    assert normal_question([("custom.serial", "X 1"), ("evil", "1")]) == "custom.serial=X+1"


def test_R3_a_report_is_kept_in_the_order_of_its_rows_and_figures() -> None:
    pairs = [("by", "user"), ("figure", "count"), ("by", "month"), ("figure", "closed")]
    kept = normal_question([*pairs, ("as", "report"), ("then", "x"), ("by", "user")])
    assert kept == "as=report&by=user&by=month&figure=count&figure=closed"


def save(client: FlaskClient, name: str, question: str = "tag=fire", **more: str) -> int:
    csrf = csrf_of(client.get("/filters").text)
    form = {"csrf_token": csrf, "name": name, "question": question, **more}
    return client.post("/filters", data=form).status_code


def names(client: FlaskClient) -> list[str]:
    page = client.get("/filters").text
    return re.findall(r'<a class="cw-nav-entry[^>]*href="/cases\?tag[^>]*>.*?<span>([^<]+)', page)


@pytest.fixture
def tom(client: FlaskClient, answers: Answers) -> FlaskClient:
    answers.by_method["list_cases"] = {"items": [a_case()], "next": None}
    sign_in(client)
    return client


def test_a_saved_filter_stands_in_the_navigation_and_names_its_list(tom: FlaskClient) -> None:
    offer = tom.get("/cases?tag=fire").text
    assert 'name="question" value="tag=fire"' in offer
    assert save(tom, "On fire") == 303
    page = tom.get("/cases?tag=fire").text
    assert '<h1 id="title">On fire</h1>' in page and "Save filter" not in page
    assert re.search(r'is-active" href="/cases\?tag=fire" aria-current', page)
    assert names(tom) == ["On fire"]


def test_a_filter_is_its_owners_alone_until_a_manager_shares_his(
    tom: FlaskClient, web: tuple[object, Answers]
) -> None:
    save(tom, "Toms")
    assert save(tom, "For all", shared="on") == 422
    anna: FlaskClient = web[0].test_client()  # type: ignore[attr-defined]
    sign_in(anna, name="anna")
    assert names(anna) == []
    assert save(anna, "Annas for all", shared="on") == 303
    assert names(tom) == ["Annas for all", "Toms"]


def test_a_filter_is_renamed_ordered_and_deleted(tom: FlaskClient) -> None:
    save(tom, "One")
    save(tom, "Two", "tag=two")
    csrf = csrf_of(tom.get("/filters").text)
    tom.post("/filters/2/up", data={"csrf_token": csrf})
    assert names(tom) == ["Two", "One"]
    taken = tom.post("/filters/2", data={"csrf_token": csrf, "name": "One"})
    assert taken.status_code == 422 and "take another name" in taken.text
    tom.post("/filters/2", data={"csrf_token": csrf, "name": "Second"})
    tom.post("/filters/1/delete", data={"csrf_token": csrf})
    assert names(tom) == ["Second"]


def test_nobody_changes_what_is_not_his(tom: FlaskClient, web: tuple[object, Answers]) -> None:
    anna: FlaskClient = web[0].test_client()  # type: ignore[attr-defined]
    sign_in(anna, name="anna")
    save(anna, "For all", shared="on")
    save(anna, "Hers", "tag=hers")
    csrf = csrf_of(tom.get("/filters").text)
    for filter_id in (1, 2, 99):
        for what in ("", "/up", "/delete"):
            form = {"csrf_token": csrf, "name": "Mine now"}
            assert tom.post(f"/filters/{filter_id}{what}", data=form).status_code == 404
    assert names(anna) == ["For all", "Hers"]


def test_an_empty_name_is_asked_for_again(tom: FlaskClient) -> None:
    csrf = csrf_of(tom.get("/filters").text)
    answer = tom.post("/filters", data={"csrf_token": csrf, "name": " ", "question": "tag=a"})
    assert answer.status_code == 422 and "give it a name" in answer.text
    assert 'name="question" value="tag=a"' in answer.text

"""The views of one question: board, graph, groups, columns and what leads between them (C4)."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, a_case, csrf_of, sign_in, token

from services.contracts.case_views import CaseCounts
from services.contracts.errors import IllegalMove, StaleVersion
from services.web.kept_question import normal_question
from services.web.pages.case_graph import table

MOVES = {"open": ["pending", "done"], "done": ["open"]}
STATES = ("draft", "open", "pending", "done", "cancelled")
COUNTS = {
    "groups": [
        {"key": "1", "name": "Support", "count": 30},
        {"key": "", "count": 2},
        {"key": "2", "name": "Technical", "count": 1},
    ],
    "total": 33,
}


@pytest.fixture
def tom(client: FlaskClient, answers: Answers) -> FlaskClient:
    answers.by_method |= {
        "get_board": {
            "columns": [
                {
                    "state": state,
                    "asked": state != "cancelled",
                    "count": 60 if state == "open" else 0,
                    "items": [a_case()] if state == "open" else [],
                    "moves": MOVES.get(state, []),
                }
                for state in STATES
            ]
        },
        "count_cases": COUNTS,
        "list_groups": {
            "counts": COUNTS,
            "opened": [{"key": "1", "items": [a_case()], "next": "on"}],
        },
        "list_cases": {"items": [a_case()], "next": "on", "previous": "before"},
        "list_events": {"items": []},
        "find_neighbours": {"previous": None, "next": 99},
    }
    sign_in(client)
    return client


def links(page: str, pattern: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(rf'href="({pattern}[^"]*)"', page)]


QUESTION = "q=belt&state=open&tag=fire&section_id=1&exact=section&sort=priority"


@pytest.mark.parametrize("view", ["/cases", "/cases/board", "/cases/graph", "/calendar"])
def test_C4_every_view_leads_to_the_others_with_the_same_question(
    tom: FlaskClient, view: str
) -> None:
    page = tom.get(f"{view}?{QUESTION}&by=kind&group=state&cursor=x").text
    views = page.partition('aria-label="Views"')[2].partition("</nav>")[0]
    expected = normal_question(re.findall(r"(\w+)=(\w+)", QUESTION))
    for other in {"/cases", "/cases/board", "/cases/graph", "/calendar"} - {view}:
        assert f"{other}?{expected}" in links(views, "/c")
    assert views.count('aria-current="page"') == 1


def test_C5_whose_calendar_is_ticked_is_who_is_responsible(tom: FlaskClient) -> None:
    page = tom.get("/cases?responsible_id=me&tag=fire").text
    assert "/calendar?who=3&tag=fire" in links(page, "/calendar")
    page = tom.get("/calendar?who=2&tag=fire&view=dayGridMonth").text
    assert "/cases/board?tag=fire&responsible_id=2" in links(page, "/cases/board")
    assert '<input type="hidden" name="tag" value="fire">' in page


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get_board", "/cases/board"),
        ("count_cases", "/cases/graph"),
        ("list_groups", "/cases?group=kind"),
    ],
)
def test_O3_each_view_asks_for_whoever_looks(
    client: FlaskClient, answers: Answers, tom: FlaskClient, method: str, path: str
) -> None:
    assert tom.get(path).status_code == 200
    assert answers.last(method)["question"]["cases"]["asker_id"] == 3


def test_C4_the_board_shows_counts_moves_and_what_the_filter_leaves_out(tom: FlaskClient) -> None:
    page = tom.get("/cases/board?tag=fire").text
    assert re.search(r'data-state="open" data-moves="pending done"', page)
    assert re.findall(r'name="state" value="(\w+)"><span class="cw-state-icon"', page) == [
        *("pending", "done")
    ]
    assert 'data-count="60"' in page and "Left out by the filter" in page
    assert "/cases?tag=fire&state=open" in links(page, "/cases")


def moved(client: FlaskClient, script: bool = True, **form: Any) -> Any:
    csrf = csrf_of(client.get("/cases/board").text)
    given = {"csrf_token": csrf, "number": 101, "version": 3, "state": "done", **form}
    headers = {"Accept": "application/json"} if script else {"Accept": "text/html"}
    return client.post("/cases/board/move?tag=fire", data=given, headers=headers)


def test_C4_a_moved_card_comes_back_as_it_is_now(tom: FlaskClient, answers: Answers) -> None:
    answers.by_method["move_case"] = a_case(state="done", version=4)
    answers.by_method["get_case"] = a_case(state="done", version=4, moves=["open"])
    answer = moved(tom)
    asked = answers.last("move_case")["command"]
    assert (asked["number"], asked["version"], asked["state"]) == (101, 3, "done")
    assert 'data-version="4"' in answer.json["card"] and "Reopen" in answer.json["card"]
    assert moved(tom, script=False).headers["Location"] == "/cases/board?tag=fire"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (StaleVersion("case", 3, 5), 409, "Eve Expert has changed this case meanwhile"),
        (IllegalMove("open", "draft", ["done"]), 422, "A open case cannot become draft"),
    ],
)
def test_C4_what_stands_in_the_way_of_a_move_is_said(
    tom: FlaskClient, answers: Answers, error: Exception, status: int, words: str
) -> None:
    entry = {
        **{"version": 5, "at": "2026-11-24T10:00:00Z", "event_type": "case.updated"},
        **{"event_id": "x", "actor_kind": "user", "actor_name": "Eve Expert"},
    }
    answers.by_method["move_case"] = error
    answers.by_method["get_case"] = a_case(version=5, history=[entry])
    answer = moved(tom)
    assert answer.status_code == status and words in answer.json["problem"]
    plain = moved(tom, script=False)
    assert plain.status_code == status and words in plain.text and "cw-board" in plain.text
    assert moved(tom, state="lost").status_code == 422


def test_O3_a_reader_moves_nothing(client: FlaskClient, tom: FlaskClient) -> None:
    client.post("/sign-out", data={"csrf_token": csrf_of(tom.get("/cases").text)})
    sign_in(client, name="rita")
    page = client.get("/cases/board").text
    assert "data-movable" not in page and "cw-card-move" not in page
    assert moved(client).status_code == 403


def test_C4_every_number_of_the_graph_leads_to_just_its_cases(
    tom: FlaskClient, answers: Answers
) -> None:
    page = tom.get("/cases/graph?tag=fire&by=section").text
    found = links(page.partition('id="counts"')[2], "/cases")
    assert found == [
        "/cases?tag=fire&section_id=1&exact=section",
        "/cases?tag=fire&section_id=none",
        "/cases?tag=fire&section_id=2&exact=section",
        "/cases?tag=fire",
    ]
    assert "No section" in page
    for address in found[:2]:
        tom.get(address)
        asked = answers.last("list_cases")["question"]
        if "none" in address:
            assert (asked["section_id"], asked["without"]) == (None, ["section"])
        else:
            assert (asked["section_id"], asked["exact"]) == (1, ["section"])


def test_C4_two_cuts_make_a_table_with_what_is_left_over(web: Any) -> None:
    parts = [{"key": "high", "count": 3}, {"key": "low", "count": 0}]
    group = {"key": "2026-11", "count": 5, "parts": parts}
    counts = CaseCounts.model_validate({"groups": [group], "total": 9, "left_out": 2, "others": 4})
    with web[0].test_request_context("/cases/graph?tag=fire&exact=category"):
        columns, rows = table(counts, "month", "priority")
    assert [column.name for column in columns] == ["High", "Low", "Others"]
    assert [[cell.count for cell in row.parts] + [row.whole.count] for row in rows] == [
        *([3, 0, 2, 5], [0, 0, 0, 4])
    ]
    address = "/cases?tag=fire&exact=category&created_month=2026-11&priority=high"
    assert rows[0].parts[0].address == address and rows[0].parts[2].address is None


def test_C4_a_grouped_list_opens_folds_and_pages_its_groups(
    tom: FlaskClient, answers: Answers
) -> None:
    page = tom.get("/cases?tag=fire&group=section").text
    asked = answers.last("list_groups")["question"]
    assert (asked["by"], asked["opened"]) == ("section", None)
    toggles = dict(re.findall(r'id="group-(\w+)" href="([^"]+)"', html.unescape(page)))
    assert toggles["1"] == "/cases?tag=fire&group=section&open=-"
    assert toggles["none"] == "/cases?tag=fire&group=section&open=1&open=none"
    more = "/cases?tag=fire&section_id=1&exact=section&cursor=on"
    assert more in links(page, "/cases") and "29 more" in page
    assert f'hx-get="{more.replace("/cases", "/cases/rows")}"' in html.unescape(page)
    tom.get(toggles["none"])
    assert answers.last("list_groups")["question"]["opened"] == ["1", ""]
    tom.get(toggles["1"])
    assert answers.last("list_groups")["question"]["opened"] == []
    rows = tom.get(f"/cases/rows{more.removeprefix('/cases')}").text
    assert rows.count("<tr") == 2 and "Printer on fire" in rows
    assert answers.last("list_cases")["question"]["cursor"] == "on"


def test_C4_each_user_chooses_his_columns_and_their_order(
    tom: FlaskClient, web: Any, answers: Answers
) -> None:
    def heads(client: FlaskClient, address: str = "/cases") -> list[str]:
        return re.findall(r'<th class="c-(\w+)" scope="col"', client.get(address).text)

    at_first = heads(tom)
    assert at_first[:3] == ["state", "number", "subject"]
    csrf = csrf_of(tom.get("/cases").text)
    form = {"csrf_token": csrf, "column": ["priority", "number", "created", "evil"]}
    answer = tom.post("/cases/columns?tag=fire&columns=when", data={**form, "up": "number"})
    assert answer.headers["Location"] == "/cases?tag=fire"
    assert heads(tom) == ["subject", "number", "priority", "more"]
    assert heads(tom, "/cases?columns=number,subject") == ["number", "subject"]
    anna = web[0].test_client()
    sign_in(anna, name="anna")
    assert heads(anna) == at_first
    tom.post("/cases/columns", data={"csrf_token": csrf, "reset": "on"})
    assert heads(tom) == at_first


def test_C4_the_heads_sort_and_pages_go_both_ways(tom: FlaskClient) -> None:
    page = tom.get("/cases?tag=fire&sort=deadline&cursor=here").text
    assert re.search(r'c-due" scope="col" aria-sort="ascending"', page)
    found = links(page, "/cases")
    assert {"/cases?tag=fire&sort=priority", "/cases?tag=fire&sort=last_action"} <= set(found)
    assert "/cases?tag=fire&sort=deadline&cursor=before" in found
    assert "/cases?tag=fire&sort=deadline&cursor=on" in found
    page = tom.get("/cases").text
    assert "/cases?sort=oldest" in links(page, "/cases")


def test_C4_a_kept_question_keeps_its_view(tom: FlaskClient) -> None:
    page = tom.get("/cases/graph?tag=fire&by=kind&group=state").text
    assert 'name="question" value="as=graph&amp;by=kind&amp;tag=fire"' in page
    form = {"csrf_token": csrf_of(page), "name": "Graph", "question": "as=graph&by=kind&tag=fire"}
    kept = tom.post("/filters", data=form).headers["Location"]
    assert kept == "/cases/graph?by=kind&tag=fire"
    page = tom.get(kept).text
    assert '<h1 id="title">Graph</h1>' in page
    assert kept in links(tom.get("/cases").text, "/cases/graph")
    assert normal_question([("as", "moon"), ("by", "kind"), ("tag", "x")]) == "tag=x"


def test_C4_a_case_leads_to_its_neighbours_in_the_list(tom: FlaskClient, answers: Answers) -> None:
    page = tom.get("/cases/101/neighbours?tag=fire&sort=priority&group=state").text
    asked = answers.last("find_neighbours")
    assert (asked["number"], asked["question"]["sort"]) == (101, "priority")
    assert links(page, "/cases") == ["/cases?group=state&sort=priority&tag=fire", "/cases/99"]


def test_C4_the_api_counts(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["count_cases"] = COUNTS
    header = token(client, "nora")
    query = "by=section&then=month&state=open,done&without=partner&created_month=2026-11"
    answer = client.get(f"/api/v1/cases/counts?{query}", headers=header)
    assert answer.status_code == 200 and answer.json["total"] == 33
    asked = answers.last("count_cases")["question"]
    assert (asked["by"], asked["then"], asked["cases"]["asker_id"]) == ("section", "month", 5)
    assert asked["cases"]["state"] == ["open", "done"]
    assert asked["cases"]["without"] == ["partner"]
    for wrong in ("by=moon", "created_month=2026-13", "exact=partner", "sort=newest"):
        assert client.get(f"/api/v1/cases/counts?{wrong}", headers=header).status_code == 422


@pytest.mark.parametrize("month", ["2026-13", "yesterday", "2026-1"])
def test_C4_a_month_that_is_none_is_said(tom: FlaskClient, month: str) -> None:
    assert "A month such as 2026-11" in tom.get(f"/cases?created_month={month}").text

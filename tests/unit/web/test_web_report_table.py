"""The table of a report and what it leads to (R1, R2, R4)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.report_answers import PIVOT, TOM, row
from unit.web.web_bench import Answers, a_case, sign_in

GOLD = {"partner_category": "Gold", "partner_category_id": 7}
AS_PIVOT = "/report?by=user&column=state&figure=count&figure=average_hours_to_close"


def shown(client: FlaskClient, answers: Answers, address: str, answer: dict[str, Any]) -> str:
    answers.by_method["report"] = answer
    page = client.get(address)
    assert page.status_code == 200, page.text
    return page.text.replace("&amp;", "&")


def cells(page: str, part: str = "tbody") -> list[list[str]]:
    """The texts of the cells of each line."""
    body = page.partition(f"<{part}>")[2].partition(f"</{part}>")[0]
    lines = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    tags = re.compile(r"<[^>]+>")
    found = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", line, re.DOTALL) for line in lines]
    return [[tags.sub("", cell).strip() for cell in line] for line in found]


def links(page: str) -> list[str]:
    return re.findall(r'<a href="(/cases\?[^"]*)">', page)


def test_R1_a_pivot_has_the_totals_that_were_answered(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client)
    page = shown(client, answers, AS_PIVOT, PIVOT)
    assert cells(page) == [
        ["Nobody", "1", "–", "", "", "1", "–"],
        ["Tom Novak", "2", "–", "4", "3.0 h", "6", "3.0 h"],
    ]
    # 5.5 is what was answered, whatever could be reckoned from the cells.
    assert cells(page, "tfoot") == [["All, EUR", "3", "–", "4", "3.0 h", "7", "5.5 h"]]
    heads = cells(page, "thead")
    assert heads[0] == ["User", "Open", "Done", "All"]
    assert heads[1] == ["Cases", "Delay to close"] * 3


def test_R4_every_figure_of_a_pivot_leads_to_its_cases(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client)
    address = "/report?by=user&column=state&figure=count&date_from=2026-01-05&kind=helpdesk"
    found = links(shown(client, answers, address, PIVOT))
    since, kind = "/cases?created_from=2026-01-05", "kind=helpdesk&count=on"
    assert found == [
        f"{since}&responsible_id=nobody&state=open&{kind}",
        f"{since}&responsible_id=nobody&{kind}",
        f"{since}&responsible_id=3&state=open&{kind}",
        f"{since}&responsible_id=3&state=done&{kind}",
        f"{since}&responsible_id=3&{kind}",
        f"{since}&state=open&{kind}",
        f"{since}&state=done&{kind}",
        f"{since}&{kind}",
    ]


@pytest.mark.parametrize(
    ("question", "cut", "expected"),
    [
        (
            "by=section&section_id=1",
            {"section": "Technical", "section_id": 2},
            "section_id=2&exact=section",
        ),
        ("by=state&section_id=1", {"state": "open"}, "section_id=1&state=open"),
        ("by=section", {"section": ""}, "section_id=none"),
        (
            "by=category&by=priority",
            {"category": "Printer", "category_id": 1, "priority": "high"},
            "category_id=1&exact=category&priority=high",
        ),
        ("by=partner", {"partner": "ACME", "partner_id": 9}, "partner_id=9"),
        ("by=partner", {"partner": ""}, "partner_id=none"),
        ("by=partner_category", GOLD, "partner_category_id=7"),
        (
            "by=partner_category",
            {"partner_category": "", "partner_category_id": None},
            "partner_category_id=none",
        ),
        (
            "by=state&partner_category_id=7",
            {"state": "open"},
            "state=open&partner_category_id=7",
        ),
        ("by=partner_category&partner_category_id=7", GOLD, "partner_category_id=7"),
        (
            "by=partner_category&partner_category_id=5",
            GOLD,
            "partner_category_id=7&partner_category_id=5",
        ),
        (
            "by=quarter&date_from=2026-11-03",
            {"quarter": "2026-Q4"},
            "created_from=2026-11-03&created_to=2026-12-31",
        ),
        (
            "by=custom.serial",
            {"custom": {"serial": "A-17"}, "custom_values": {"serial": "A-17"}},
            "kind=repair&custom.serial=A-17",
        ),
    ],
)
def test_R4_a_count_leads_to_the_cases_of_its_row(
    client: FlaskClient, answers: Answers, question: str, cut: dict[str, Any], expected: str
) -> None:
    fields = [{"code": "serial", "name": "Serial number"}]
    answers.by_method["list_kinds"] = [{"code": "repair", "name": "Repair", "fields": fields}]
    sign_in(client)
    page = shown(client, answers, f"/report?{question}&figure=count", {"rows": [row(2, **cut)]})
    assert links(page) == [f"/cases?{expected}&count=on"]


def test_R4_what_no_list_can_show_is_no_link(client: FlaskClient, answers: Answers) -> None:
    sign_in(client)
    two = {
        "rows": [
            row(2, **TOM, currency="EUR"),
            row(3, **TOM, currency="USD"),
            row(0, user="Ann", user_id=4),
        ]
    }
    page = shown(client, answers, "/report?by=user&figure=count", two)
    assert links(page) == []
    assert cells(page)[:2] == [["Tom Novak", "EUR", "2"], ["Tom Novak", "USD", "3"]]
    none = {"rows": [row(2, custom={"serial": ""}, custom_values={"serial": ""})]}
    assert links(shown(client, answers, "/report?by=custom.serial&figure=count", none)) == []


def test_R4_a_figure_of_closed_cases_leads_to_those(client: FlaskClient, answers: Answers) -> None:
    sign_in(client)
    page = shown(client, answers, "/report?by=user&figure=closed", {"rows": [row(3, 2, **TOM)]})
    assert links(page) == ["/cases?responsible_id=3&state=done&state=cancelled&count=on"]


def test_R4_names_lead_to_their_forms_for_whom_those_are_open(
    web: tuple[Any, Answers], client: FlaskClient, answers: Answers
) -> None:
    answer = {"rows": [row(3, **TOM, section="Support", section_id=1)]}
    address = "/report?by=user&by=section"
    sign_in(client)
    assert 'href="/users/3"' not in shown(client, answers, address, answer)
    admin = web[0].test_client()
    sign_in(admin, name="admin")
    page = shown(admin, answers, address, answer)
    assert 'href="/users/3">Tom Novak' in page and 'href="/sections/1">Support' in page


def test_R1_figures_read_as_what_they_are(client: FlaskClient, answers: Answers) -> None:
    figures = {
        "ever_closed": 8,
        "reopened": 2,
        "weighted_revenue": "1200.50",
        "p90_hours_to_close": 72.0,
    }
    sign_in(client)
    asked = "&".join(f"figure={code}" for code in ("reopen_share", *list(figures)[2:]))
    page = shown(client, answers, f"/report?by=user&{asked}", {"rows": [row(9, **TOM, **figures)]})
    assert cells(page) == [["Tom Novak", "25%", "1,200.50", "3.0 d"]]


def test_R1_money_without_a_rate_and_rows_left_out_are_said(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client)
    answer = {"rows": [row(1, **TOM)], "without_rate": ["CHF", "PLN"], "more": True}
    page = shown(client, answers, "/report?by=user&currency=EUR", answer)
    assert "There is no rate for CHF, PLN" in page
    assert "more lines than a report can have" in page


def test_R3_the_graph_has_a_label_and_the_table_below_it(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client)
    address = f"{AS_PIVOT}&view=graph&shape=heat"
    page = shown(client, answers, address, PIVOT)
    assert 'data-shape="heat" role="img" aria-label="Cases by User, State: the table below' in page
    assert page.index('role="img"') < page.index('id="report" data-drawn="count"')
    assert 'role="img"' not in shown(client, answers, AS_PIVOT, PIVOT)


def test_R4_a_list_of_a_report_asks_by_days_of_the_reader(
    client: FlaskClient, answers: Answers
) -> None:
    answers.by_method["get_user"] = {
        **{"id": 3, "login": "tom", "name": "Tom Novak", "role": "agent"},
        "time_zone": "Europe/Berlin",
    }
    answers.by_method["list_cases"] = {"items": [a_case()], "next": None}
    sign_in(client)
    page = client.get("/cases?created_from=2026-03-01&created_to=2026-03-31").text
    question = answers.last("list_cases")["question"]
    assert question["created_from"] == "2026-02-28T23:00:00Z"
    assert question["created_before"] == "2026-03-31T22:00:00Z"  # summer time has come meanwhile
    assert 'name="created_from" value="2026-03-01" checked' in page
    assert "Opened until 31 Mar 2026" in page
    client.get("/cases?created_from=0001-01-01")
    assert answers.last("list_cases")["question"]["created_from"] is None


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"total": 1}, "1 case<"),
        ({"total": 0}, "0 cases<"),
        ({"total": 1_000_000}, "1,000,000 cases<"),
        ({"total": 20_001, "bounded": True}, "More than 20,000 cases<"),
    ],
)
def test_R4_a_list_of_a_report_says_how_many_cases_there_are(
    client: FlaskClient, answers: Answers, counts: dict[str, Any], words: str
) -> None:
    answers.by_method["list_cases"] = {"items": [a_case()], "next": "on"}
    answers.by_method["count_cases"] = counts
    sign_in(client)
    assert 'id="case-count"' not in client.get("/cases?priority=high").text
    page = client.get("/cases?priority=high&count=on").text
    assert f'id="case-count">{words}' in page
    assert 'href="/cases?priority=high&amp;count=on&amp;cursor=on"' in page
    assert '<input type="hidden" name="count" value="on">' in page  # for a narrower filter too
    asked = answers.last("count_cases")["question"]
    assert (asked["total_only"], asked["cases"]["priority"]) == (True, "high")

"""The files of a report, and what programs are answered (R6)."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from flask.testing import FlaskClient
from unit.web.report_answers import PIVOT, TOM, row
from unit.web.web_bench import Answers, sign_in, token

SHEET = "xl/worksheets/sheet1.xml"


def sheet_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read(SHEET).decode()


def test_R6_a_workbook_has_numbers_and_no_formula(client: FlaskClient, answers: Answers) -> None:
    evil = row(3, user="=1+1", user_id=3, month="2026-11", ever_closed=4, reopened=1)
    answers.by_method["report"] = {"rows": [evil], "totals": [row(3)]}
    sign_in(client)
    address = "/report/report.xlsx?by=month&by=user&figure=count&figure=reopen_share"
    answer = client.get(address)
    assert answer.status_code == 200
    assert "report.xlsx" in answer.headers["Content-Disposition"]
    sheet = sheet_of(answer.data)
    assert "<f>" not in sheet and "=1+1" in sheet
    assert re.search(r'<c r="A2" s="\d+"><v>46327</v>', sheet)  # 1 November 2026
    assert re.search(r'<c r="D2" s="\d+"><v>3</v>', sheet)
    assert re.search(r'<c r="E2" s="\d+"><v>0.25</v>', sheet)
    assert 'state="frozen"' in sheet and 'ySplit="1"' in sheet
    assert [text in sheet for text in ("Month", "User", "Currency", "Cases", "Reopened")] == [
        True
    ] * 5


def test_R6_the_files_of_a_pivot_are_pivots(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["report"] = PIVOT
    sign_in(client)
    question = "by=user&column=state&figure=count"
    lines = client.get(f"/report/report.csv?{question}").text.splitlines()
    assert lines == [
        "user,currency,open count,done count,all count",
        ",EUR,1,,1",
        "Tom Novak,EUR,2,4,6",
        ",EUR,3,4,7",
    ]
    sheet = sheet_of(client.get(f"/report/report.xlsx?{question}").data)
    assert [f"{name} · Cases" in sheet for name in ("Open", "Done", "All")] == [True] * 3


def test_R6_programs_ask_for_all_that_the_page_can_show(
    client: FlaskClient, answers: Answers
) -> None:
    answers.by_method["report"] = {**PIVOT, "without_rate": ["CHF"], "more": True}
    header = token(client, "tom")
    given: dict[str, Any] = {
        "category_id": 1,
        "partner_id": 9,
        "partner_category_id": 7,
        "priority": "high",
        "currency": "EUR",
    }
    query = "&".join(f"{name}={value}" for name, value in given.items())
    address = f"/api/v1/reports?by=user,quarter&columns=state,kind&percentiles=true&{query}"
    answer: Any = client.get(address, headers=header).json
    question = answers.last("report")["question"]
    assert {name: question[name] for name in given} == given
    assert (question["columns"], question["percentiles"]) == (["state", "kind"], True)
    assert [one["count"] for one in answer["row_totals"]] == [1, 6]
    assert [one["count"] for one in answer["column_totals"]] == [3, 4]
    assert answer["totals"][0]["count"] == 7
    assert (answer["without_rate"], answer["more"]) == (["CHF"], True)
    for wrong in ("columns=no", "columns=state,kind,user", "currency=eur", "figures=no"):
        refused = client.get(f"/api/v1/reports?{wrong}", headers=header)
        assert refused.status_code == 422, wrong


def test_R6_programs_get_tables_of_the_figures_that_they_name(
    client: FlaskClient, answers: Answers
) -> None:
    answers.by_method["report"] = {"rows": [row(3, **TOM, p90_hours_to_close=7.123)]}
    header = token(client, "tom")
    address = "/api/v1/reports?by=user&figures=p90_hours_to_close,count"
    text = client.get(f"{address}&format=csv", headers=header).text
    assert text.splitlines() == ["user,currency,p90_hours_to_close,count", "Tom Novak,EUR,7.12,3"]
    assert answers.last("report")["question"]["percentiles"] is True
    book = client.get(f"{address}&format=xlsx", headers=header)
    assert book.mimetype.endswith("spreadsheetml.sheet")
    assert "p90_hours_to_close" in sheet_of(book.data)

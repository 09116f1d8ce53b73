"""The question in the address of the report: what is asked of reporting, and kept (R2, R3)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient
from unit.web.report_answers import PIVOT
from unit.web.web_bench import Answers, csrf_of, sign_in

from services.contracts.reports import Figure as FigureField
from services.contracts.reports import ReportRow
from services.web.pages import report_question
from services.web.pages.report_period import days_of_period, days_of_row
from services.web.report_figures import FIGURES, fields_of


@pytest.fixture
def tom(client: FlaskClient, answers: Answers) -> FlaskClient:
    answers.by_method["report"] = PIVOT
    answers.by_method["list_partner_categories"] = [{"id": 7, "name": "Gold", "path": "Gold"}]
    sign_in(client)
    return client


def asked(client: FlaskClient, answers: Answers, address: str) -> dict[str, Any]:
    assert client.get(address).status_code == 200
    question: dict[str, Any] = answers.last("report")["question"]
    return question


def test_R2_every_filter_of_the_address_is_asked(tom: FlaskClient, answers: Answers) -> None:
    given = {
        "section_id": 2,
        "responsible_id": 3,
        "state": "open",
        "kind": "helpdesk",
        "category_id": 1,
        "partner_category_id": 7,
        "priority": "high",
        "currency": "USD",
        "date_from": "2026-01-01",
        "date_to": "2026-03-31",
    }
    address = "/report?" + "&".join(f"{name}={value}" for name, value in given.items())
    question = asked(tom, answers, address)
    assert {name: question[name] for name in given} == given
    page = tom.get(address).text
    assert re.search(r"<button[^>]*>.*?Filter</button>", page)
    assert "<noscript>" not in page.partition('id="filters"')[2].partition("</form>")[0]


def test_R2_rows_stand_in_the_order_given_and_a_column_is_no_row(
    tom: FlaskClient, answers: Answers
) -> None:
    question = asked(tom, answers, "/report?by=state&by=month&by=state&by=&by=no&column=user")
    assert (question["by"], question["columns"]) == (["state", "month"], ["user"])
    assert asked(tom, answers, "/report?by=state&column=state")["columns"] == []
    assert asked(tom, answers, "/report?column=no")["by"] == ["month", "user", "section", "state"]


@pytest.mark.parametrize(
    ("figure", "wanted"),
    [("count", False), ("median_hours_to_close", True), ("p90_hours_to_close", True)],
)
def test_R1_percentiles_are_asked_for_only_where_they_are_shown(
    tom: FlaskClient, answers: Answers, figure: str, wanted: bool
) -> None:
    assert asked(tom, answers, f"/report?figure={figure}")["percentiles"] is wanted


@pytest.mark.parametrize(
    ("figures", "fields"),
    [
        ("figure=count&figure=closed", ["count", "closed"]),
        ("figure=reopen_share", ["reopened", "ever_closed"]),
        ("figure=median_hours_to_close", ["median_hours_to_close"]),
    ],
)
def test_R1_only_what_the_figures_shown_are_read_from_is_asked(
    tom: FlaskClient, answers: Answers, figures: str, fields: list[str]
) -> None:
    assert asked(tom, answers, f"/report?{figures}")["figures"] == fields


def test_R1_every_figure_is_read_from_what_reporting_can_be_asked() -> None:
    assert set(fields_of(FIGURES.values())) <= set(get_args(FigureField))


def test_R2_what_cannot_be_understood_is_said_and_left_out(
    tom: FlaskClient, answers: Answers
) -> None:
    page = tom.get("/report?currency=E1&date_from=0001-01-01&priority=no&shape=no&view=no").text
    question = answers.last("report")["question"]
    assert (question["currency"], question["date_from"], question["priority"]) == (None,) * 3
    assert "A currency such as EUR, please." in page


def test_R2_a_quick_choice_stays_one_until_its_days_are_changed(
    tom: FlaskClient, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_question, "today", lambda _: date(2026, 11, 26))
    question = asked(tom, answers, "/report?by=user&period=last_month")
    assert (question["date_from"], question["date_to"]) == ("2026-10-01", "2026-10-31")
    same = "/report?by=user&period=last_month&date_from=2026-10-01&date_to=2026-10-31"
    assert "period=last_month&amp;view" in tom.get(same).text
    changed = "/report?by=user&period=last_month&date_from=2026-10-02&date_to=2026-10-31"
    assert asked(tom, answers, changed)["date_from"] == "2026-10-02"
    cleared = "/report?by=user&period=last_month&date_from=&date_to="
    assert asked(tom, answers, cleared)["date_from"] is None


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("this_month", "2028-02-01", "2028-02-29"),
        ("last_month", "2028-01-01", "2028-01-31"),
        ("this_year", "2028-01-01", "2028-12-31"),
        ("last_12_months", "2027-03-01", "2028-02-29"),
    ],
)
def test_R2_the_days_of_a_quick_choice(period: str, first: str, last: str) -> None:
    found = days_of_period(period, date(2028, 2, 29))
    assert [day.isoformat() for day in found] == [first, last]


@pytest.mark.parametrize(
    ("cuts", "first", "last"),
    [
        ({"day": "2026-11-25"}, "2026-11-25", "2026-11-25"),
        ({"week": "2026-W53"}, "2026-12-28", "2027-01-03"),
        ({"month": "2028-02"}, "2028-02-01", "2028-02-29"),
        ({"quarter": "2026-Q4"}, "2026-10-01", "2026-12-31"),
        ({"year": "2026"}, "2026-01-01", "2026-12-31"),
        ({"week": "2026-W49", "month": "2026-12"}, "2026-12-01", "2026-12-06"),
    ],
)
def test_R4_the_days_that_a_row_is_about(cuts: dict[str, str], first: str, last: str) -> None:
    row = ReportRow.model_validate({"count": 1, "closed": 0, **cuts})
    assert days_of_row(row) == (date.fromisoformat(first), date.fromisoformat(last))
    assert days_of_row(ReportRow(count=1, closed=0)) == (None, None)


def post(client: FlaskClient, address: str, **form: str) -> Any:
    csrf = csrf_of(client.get("/report?by=user").text)
    return client.post(address, data={"csrf_token": csrf, **form})


def test_R3_a_report_is_saved_by_name_with_its_whole_question(tom: FlaskClient) -> None:
    address = "/report?by=user&by=month&column=state&figure=closed&view=graph&shape=heat"
    question = re.search(r'name="question" value="(as=report[^"]+)"', tom.get(address).text)
    assert question is not None
    given = question[1].replace("&amp;", "&")
    answer = post(tom, "/filters", name="By state", question=given)
    assert answer.status_code == 303
    kept = answer.headers["Location"]
    assert kept.startswith("/report?by=user&by=month&column=state&figure=closed")
    assert kept.endswith("shape=heat&view=graph")
    page = tom.get(kept).text
    assert '<span class="cw-tag">By state</span>' in page
    assert re.search(r'is-active" href="/report\?by=user[^>]*aria-current="page"', page)


def test_R3_the_report_chosen_opens_first_for_oneself_or_for_all(
    tom: FlaskClient, web: tuple[Any, Answers]
) -> None:
    anna = web[0].test_client()
    sign_in(anna, name="anna")
    assert tom.get("/report").status_code == 200
    assert post(tom, "/report/first/for-all", question="as=report&by=kind").status_code == 403
    assert post(anna, "/report/first/for-all", question="as=report&by=kind").status_code == 303
    assert tom.get("/report").headers["Location"] == "/report?by=kind"
    post(tom, "/report/first", question="as=report&by=user&view=graph&evil=1")
    assert tom.get("/report").headers["Location"] == "/report?by=user&view=graph"
    assert anna.get("/report").headers["Location"] == "/report?by=kind"
    post(tom, "/report/first", question="")
    assert tom.get("/report").headers["Location"] == "/report?by=kind"
    assert tom.get("/report?by=month").status_code == 200


def test_R1_reports_are_ready_and_each_can_be_asked(tom: FlaskClient, answers: Answers) -> None:
    answers.by_method["list_kinds"] = [
        {"code": code, "name": code} for code in ("helpdesk", "quality", "opportunity")
    ]
    part = tom.get("/report").text.partition('class="cw-ready"')[2].partition("</nav>")[0]
    found = dict(re.findall(r'<a href="([^"]+)">([^<]+)</a>', part))
    assert list(found.values()) == [
        "Helpdesk analysis",
        "Team performance",
        "Pipeline",
        "Supplier quality",
        "Service levels",
    ]
    kinds = [asked(tom, answers, a.replace("&amp;", "&"))["kind"] for a in found]
    assert kinds == [None, None, "opportunity", "quality", None]

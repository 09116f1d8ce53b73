"""The page of the rates of currencies: one table, written and saved as a whole."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, csrf_of, sign_in

from services.contracts.errors import InvalidRequest, StaleVersion
from services.contracts.reports import Rate
from services.web.pages.rate_rows import rows_of
from services.web.rate_text import rate_text

RATES = {
    "main": "EUR",
    "version": 4,
    "rates": [
        {"currency": "USD", "month": "2026-11", "rate": "0.920000000000"},
        {"currency": "JPY", "month": "2026-01", "rate": "0.006123456789"},
        {"currency": "USD", "month": "2026-01", "rate": "100"},
    ],
}
Row = tuple[str, str, str]


@pytest.fixture
def admin(client: FlaskClient, answers: Answers) -> FlaskClient:
    answers.by_method |= {"get_rates": RATES, "save_rates": RATES}
    assert sign_in(client, name="admin") == 303
    return client


def written(page: str) -> list[Row]:
    """The rows on the page, those left empty apart."""
    columns = [re.findall(rf'name="rate_{one}" value="([^"]*)"', page) for one in PARTS]
    return [row for row in zip(*columns, strict=True) if any(row)]


PARTS = ("currency", "month", "rate")


def post(client: FlaskClient, *rows: Row, main: str = "EUR", **more: str) -> Any:
    columns = {f"rate_{part}": [row[n] for row in rows] for n, part in enumerate(PARTS)}
    key = csrf_of(client.get("/rates").text)
    form = {"csrf_token": key, "main": main, "version": "4", **columns, **more}
    return client.post("/rates", data=form)


def wrong(page: str) -> dict[str, str]:
    """What is wrong by the row and part of the field it is told of; each field is marked."""
    found = dict(re.findall(r'class="cw-wrong" id="e-([^"]+)">([^<]+)<', page))
    marked = re.findall(r'aria-invalid="true" aria-describedby="e-([^"]+)"', page)
    assert sorted(found) == sorted(marked)
    return found


def test_R5_the_table_stands_by_currency_and_month_with_room_for_more(admin: FlaskClient) -> None:
    page = admin.get("/rates").text
    assert written(page) == [
        ("JPY", "2026-01", "0.006123456789"),
        ("USD", "2026-01", "100"),
        ("USD", "2026-11", "0.92"),
    ]
    assert page.count('name="rate_currency" value=""') == 3
    assert 'name="version" value="4"' in page and 'value="EUR"' in page


def test_R5_it_is_saved_as_a_whole_with_every_digit(admin: FlaskClient, answers: Answers) -> None:
    long = "123456789012.000000000001"
    rows = (("usd ", "2026-12", "0,91"), ("", "", ""), ("CHF", "2026-01", long))
    answer = post(admin, *rows, main="eur", idempotency_key="k")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/rates?saved=1")
    asked = answers.last("save_rates")["command"]
    assert asked.pop("idempotency_key").startswith("web-")
    assert asked == {
        "actor_id": 1,
        "main": "EUR",
        "version": 4,
        "rates": [
            {"currency": "USD", "month": "2026-12", "rate": "0.91"},
            {"currency": "CHF", "month": "2026-01", "rate": long},
        ],
    }
    assert "The rates are saved" in admin.get("/rates?saved=1").text


def test_R5_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(
    admin: FlaskClient, answers: Answers
) -> None:
    rows = (
        ("US", "2026-13", "1e3"),
        ("USD", "2026-11", "0"),
        ("USD", "2026-11", "1_0"),
        ("EUR", "2026-11", "-1"),
        ("CHF", "", "0.0000000000001"),
    )
    answer = post(admin, *rows)
    assert answer.status_code == 422
    found = wrong(answer.text)
    assert set(found) == {
        *("0-currency", "0-month", "0-rate", "1-rate", "2-month", "2-rate"),
        *("3-currency", "3-rate", "4-month", "4-rate"),
    }
    assert "main currency" in found["3-currency"] and "above" in found["2-month"]
    assert written(answer.text) == list(rows)
    assert "save_rates" not in [method for _, method, _ in answers.asked]
    assert set(wrong(post(admin, main="Euro").text)) == {"main"}


@pytest.mark.parametrize(
    ("field", "place"), [("rates.1.rate", "1-rate"), ("rates.1", "1-currency"), ("main", "main")]
)
def test_R5_what_the_service_refuses_stands_there_too(
    admin: FlaskClient, answers: Answers, field: str, place: str
) -> None:
    answers.by_method["save_rates"] = InvalidRequest(field, "must not be empty")
    answer = post(admin, ("CHF", "2026-01", "1"), ("USD", "2026-01", "1"))
    assert (answer.status_code, wrong(answer.text)) == (422, {place: "must not be empty"})


def test_R5_a_conflict_says_so_and_keeps_what_was_written(
    admin: FlaskClient, answers: Answers
) -> None:
    answers.by_method["save_rates"] = StaleVersion("rates", 3, 4)
    answer = post(admin, ("USD", "2026-11", "0.92"), ("CHF", "2026-01", "1.1"), version="3")
    assert answer.status_code == 409
    assert "Somebody else has changed the rates meanwhile" in answer.text
    assert written(answer.text) == [("USD", "2026-11", "0.92"), ("CHF", "2026-01", "1.1")]
    assert 'name="version" value="4"' in answer.text  # saving again replaces what the other did
    theirs = re.findall(r"<li>([A-Z]{3} [^<]+)</li>", answer.text)
    assert theirs == ["JPY 2026-01: 0.006123456789", "USD 2026-01: 100"]


def test_R5_rows_are_added_and_removed_without_a_script(
    admin: FlaskClient, answers: Answers
) -> None:
    rows = (("USD", "2026-11", "?"), ("CHF", "2026-01", "1.1"))
    removed = post(admin, *rows, arrange="remove-0", version="3")
    assert (removed.status_code, written(removed.text)) == (200, [rows[1]])
    assert 'name="version" value="3"' in removed.text
    more = post(admin, *rows, arrange="more").text
    assert written(more) == list(rows) and more.count('name="rate_currency" value=""') == 12
    assert written(post(admin, *rows, arrange="remove-9").text) == list(rows)
    assert "save_rates" not in [method for _, method, _ in answers.asked]


def test_R5_the_first_table_is_saved_over_none(admin: FlaskClient, answers: Answers) -> None:
    answers.by_method["get_rates"] = {}
    assert 'name="version"' not in admin.get("/rates").text
    assert post(admin, ("USD", "2026-11", "0.9"), version="").status_code == 303
    assert answers.last("save_rates")["command"]["version"] == 0


def test_R5_only_an_administrator_is_led_to_it(admin: FlaskClient, answers: Answers) -> None:
    answers.by_method["report"] = {"rows": []}
    assert 'href="/rates"' in admin.get("/report").text
    assert 'aria-current="page"' in admin.get("/rates").text  # the menu says where one is
    agent = admin.application.test_client()
    assert sign_in(agent, name="anna") == 303
    assert 'href="/rates"' not in agent.get("/report").text
    assert agent.get("/rates").status_code == 403


def test_R5_a_rate_is_written_with_all_its_digits_and_no_more() -> None:
    rates = [Decimal("1E+3"), Decimal("0.000000000001"), Decimal("0.50")]
    assert [rate_text(rate) for rate in rates] == ["1000", "0.000000000001", "0.5"]
    rows = rows_of([Rate(currency="USD", month="2026-11", rate=rate) for rate in rates])
    assert [row.told().rate for row in rows] == rates

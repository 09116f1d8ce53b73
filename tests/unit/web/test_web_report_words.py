"""The figures of a report as the page and the file show them."""

from __future__ import annotations

from decimal import Decimal

from services.contracts.directory import CustomField, Kind
from services.contracts.reports import Report, ReportQuestion, ReportRow
from services.web.pages.report import custom_cuts, totals, with_repeats
from services.web.report_csv import report_csv

ROWS = (
    ReportRow(month="2026-10", state="open", count=1, closed=0),
    ReportRow(month="2026-10", state="done", count=2, closed=2, average_hours_to_close=3.0),
    ReportRow(
        month="2026-11",
        state="done",
        count=1,
        closed=1,
        average_hours_to_close=9.0,
        estimated_revenue=Decimal("10.50"),
    ),
)


def test_R1_totals_weigh_the_average_by_closed_cases() -> None:
    (sums,) = totals(ROWS)
    assert (sums["count"], sums["closed"], sums["average"]) == (4, 3, 5.0)
    assert sums["estimated_revenue"] == Decimal("10.50")


def test_R1_a_row_does_not_repeat_what_stands_above() -> None:
    question = ReportQuestion(by=("month", "state"))
    assert [same for _, same in with_repeats(question, ROWS)] == [0, 1, 0]


def test_R6_csv_carries_every_row_and_no_formula() -> None:
    question = ReportQuestion(by=("user",))
    report = Report(rows=(ReportRow(user="=cmd()", count=1, closed=0),))
    lines = report_csv(question, report).split("\r\n")
    assert lines[0].startswith("user,currency,count,closed,average_hours_to_close")
    assert lines[1] == "'=cmd(),EUR,1,0,,0,0,0"


def test_K9_csv_has_a_column_for_a_custom_field() -> None:
    question = ReportQuestion(by=("state", "custom.serial"))
    row = ReportRow(state="open", custom={"serial": "A-17"}, count=1, closed=0)
    lines = report_csv(question, Report(rows=(row,))).split("\r\n")
    assert lines[0].startswith("state,custom.serial,currency")
    assert lines[1].startswith("open,A-17,EUR,1")


def test_K9_a_report_offers_the_custom_fields_of_kinds_in_use() -> None:
    serial = CustomField(code="serial", name="Serial number")
    kinds = [
        Kind(code="repair", name="Repair", fields=(serial,)),
        Kind(code="old", name="Old", fields=(CustomField(code="x", name="X"),), active=False),
    ]
    assert custom_cuts(kinds) == {"custom.serial": "Serial number"}

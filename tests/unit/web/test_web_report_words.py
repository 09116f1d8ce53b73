"""The figures of a report as files have them."""

from __future__ import annotations

from services.contracts.directory import CustomField, Kind
from services.contracts.reports import Report, ReportQuestion, ReportRow
from services.web.pages.report_question import custom_cuts
from services.web.report_csv import report_csv
from services.web.report_figures import figures_called
from services.web.report_table import report_table

PIVOT = ReportQuestion(by=("user",), columns=("state",))


def lines_of(question: ReportQuestion, report: Report, *figures: str) -> list[str]:
    """The lines of the file."""
    return "".join(report_csv(report_table(question, report, figures_called(figures)))).split(
        "\r\n"
    )


def test_R6_csv_carries_every_row_and_no_formula() -> None:
    question = ReportQuestion(by=("user",))
    report = Report(rows=(ReportRow(user="=cmd()", count=1, closed=0),))
    lines = lines_of(question, report)
    assert lines[0].startswith("user,currency,count,closed,average_hours_to_close")
    assert lines[1] == "'=cmd(),EUR,1,0,,0,0,0"


def test_K9_csv_has_a_column_for_a_custom_field() -> None:
    question = ReportQuestion(by=("state", "custom.serial"))
    row = ReportRow(state="open", custom={"serial": "A-17"}, count=1, closed=0)
    lines = lines_of(question, Report(rows=(row,)))
    assert lines[0].startswith("state,custom.serial,currency")
    assert lines[1].startswith("open,A-17,EUR,1")


def test_R6_a_pivot_in_a_file_has_the_totals_that_were_answered() -> None:
    tom = {"user": "Tom", "user_id": 3}
    report = Report(
        rows=(
            ReportRow(**tom, state="open", count=1, closed=0),
            ReportRow(**tom, state="done", count=2, closed=2, average_hours_to_close=3.125),
        ),
        row_totals=(ReportRow(**tom, count=3, closed=2, average_hours_to_close=3.125),),
        column_totals=(
            ReportRow(state="open", count=1, closed=0),
            ReportRow(state="done", count=2, closed=2, average_hours_to_close=3.125),
        ),
        totals=(ReportRow(count=3, closed=2, average_hours_to_close=3.125),),
    )
    lines = lines_of(PIVOT, report, "count", "average_hours_to_close")
    assert lines[0] == (
        "user,currency,open count,open average_hours_to_close,"
        "done count,done average_hours_to_close,all count,all average_hours_to_close"
    )
    assert lines[1:] == ["Tom,EUR,1,,2,3.12,3,3.12", ",EUR,1,,2,3.12,3,3.12", ""]


def test_R6_a_share_is_one_of_those_that_it_is_of() -> None:
    row = ReportRow(user="Tom", count=9, closed=3, ever_closed=3, reopened=1)
    question = ReportQuestion(by=("user",))
    lines = lines_of(question, Report(rows=(row,)), "reopen_share", "within_deadline_share")
    assert lines[1] == "Tom,EUR,0.3333,"


def test_K9_a_report_offers_the_custom_fields_of_kinds_in_use() -> None:
    serial = CustomField(code="serial", name="Serial number")
    kinds = [
        Kind(code="repair", name="Repair", fields=(serial,)),
        Kind(code="old", name="Old", fields=(CustomField(code="x", name="X"),), active=False),
    ]
    assert custom_cuts(kinds) == {"custom.serial": "Serial number"}

"""A report as comma-separated values (RFC 4180)."""

from __future__ import annotations

import csv
import io

from services.contracts.reports import Report, ReportQuestion

SUMS = (
    "currency",
    "count",
    "closed",
    "average_hours_to_close",
    "estimated_revenue",
    "estimated_cost",
    "weighted_revenue",
)
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def report_csv(question: ReportQuestion, report: Report) -> str:
    """One line of names, then one line a row; what rows are cut by comes first."""
    columns = (*question.by, *SUMS)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    for row in report.rows:
        writer.writerow(cell(row.cell(column)) for column in columns)
    return file.getvalue()


def cell(value: object) -> object:
    """A value that a spreadsheet takes for what it is, whatever a stranger is called."""
    if isinstance(value, str) and value.startswith(STARTS_A_FORMULA):
        return "'" + value
    if isinstance(value, float):
        return round(value, 2)
    return "" if value is None else value

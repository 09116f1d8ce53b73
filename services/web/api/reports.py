"""Reports."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request, send_file

from services.contracts.reports import ReportRow
from services.web.api.schemas.reports import ReportFilter, ReportTable
from services.web.report_csv import csv_heads, report_csv
from services.web.report_table import report_table
from services.web.report_xlsx import MIME_TYPE, report_xlsx
from services.web.wiring import wired

blueprint = APIBlueprint("api_reports", __name__, url_prefix="/api/v1/reports", tag="Reports")

TYPES = {"json": "application/json", "csv": "text/csv", "xlsx": MIME_TYPE}
AS_FILE: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
    200: {
        "content": {
            TYPES["csv"]: {"schema": {"type": "string"}},
            TYPES["xlsx"]: {"schema": {"type": "string", "format": "binary"}},
        }
    }
}


@blueprint.get("")
@blueprint.input(ReportFilter, location="query")
@blueprint.output(ReportTable)
@blueprint.doc(responses=AS_FILE)
def get_report(query_data: ReportFilter) -> ReportTable | Response:
    """Count cases, their delays and their money."""
    question = query_data.question()
    report = wired().reporting.report(question)
    form = query_data.format or _preferred()
    if form != "json":
        table = report_table(question, report, query_data.figures_asked())
        if form == "csv":
            return Response(report_csv(table), mimetype=TYPES["csv"])
        file = report_xlsx(table, csv_heads(table), _code, "all")
        return send_file(file, TYPES["xlsx"], as_attachment=True, download_name="report.xlsx")
    return ReportTable(
        items=list(report.rows),
        row_totals=list(report.row_totals),
        column_totals=list(report.column_totals),
        totals=list(report.totals),
        without_rate=list(report.without_rate),
        more=report.more,
        as_of=report.as_of,
    )


def _code(cut: str, row: ReportRow) -> str:
    """Programs read codes, as in CSV."""
    return str(row.cell(cut) or "")


def _preferred() -> str:
    best = request.accept_mimetypes.best_match(list(TYPES.values()), TYPES["json"])
    return next(form for form, mimetype in TYPES.items() if mimetype == best)

"""Reports."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from services.contracts.reports import ReportQuestion
from services.web.api.schemas.reports import ReportFilter, ReportTable
from services.web.report_csv import report_csv
from services.web.wiring import wired

blueprint = APIBlueprint("api_reports", __name__, url_prefix="/api/v1/reports", tag="Reports")

AS_CSV: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}


@blueprint.get("")
@blueprint.input(ReportFilter, location="query")
@blueprint.output(ReportTable)
@blueprint.doc(responses=AS_CSV)
def get_report(query_data: ReportFilter) -> ReportTable | Response:
    """Count cases, their delays and their money."""
    asked = query_data.model_dump(exclude={"format", "by"})
    question = ReportQuestion.model_validate({**asked, "by": query_data.by.split(",")})
    report = wired().reporting.report(question)
    if query_data.format == "csv" or (query_data.format is None and _prefers_csv()):
        return Response(report_csv(question, report), mimetype="text/csv")
    return ReportTable(items=list(report.rows), as_of=report.as_of)


def _prefers_csv() -> bool:
    kinds = ("application/json", "text/csv")
    return request.accept_mimetypes.best_match(kinds, "application/json") == "text/csv"

"""The report: cases, delays and money, cut as one likes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, get_args

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from services.contracts.directory import Kind
from services.contracts.errors import InvalidRequest
from services.contracts.reports import Dimension, Report, ReportQuestion, ReportRow
from services.web.access.asking import asking_user
from services.web.pages.form import Form
from services.web.pages.words import STATES
from services.web.report_csv import report_csv
from services.web.wiring import wired

blueprint = Blueprint("report", __name__, url_prefix="/report")

DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
CUSTOM_CUT = re.compile(r"custom\.[a-z][a-z0-9_]{0,49}")
MOST_CUSTOM_CUTS = 5
USUAL: tuple[Dimension, ...] = ("month", "user", "section", "state")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The table, with the form that asks for another."""
    form = Form(request.args)
    question, directory = read_question(form), wired().directory
    kinds = directory.kinds()
    try:
        report = wired().reporting.report(question)
    except InvalidRequest as error:
        form.refused(error)
        report = Report()
    return render_template(
        "report/report.html",
        question=question,
        report=report,
        rows=with_repeats(question, report.rows),
        totals=totals(report.rows),
        most=max((row.count for row in report.rows), default=0),
        errors=form.errors,
        dimensions=(*DIMENSIONS, *custom_cuts(kinds)),
        custom_cuts=custom_cuts(kinds),
        sections=directory.sections(),
        users=directory.users(),
        kinds=kinds,
        kind_names={kind.code: kind.name for kind in kinds},
        csv_question=request.query_string.decode("ascii", "replace"),
    )


@blueprint.get("/report.csv")
def download() -> Response:
    """The same as comma-separated values."""
    question = read_question(Form(request.args))
    text = report_csv(question, wired().reporting.report(question))
    response = Response(text, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="report.csv")
    return response


def read_question(form: Form) -> ReportQuestion:
    """The question in an address; what cannot be understood is left out."""
    asked = dict.fromkeys(form.given.getlist("by"))
    chosen: list[str] = [name for name in DIMENSIONS if name in asked]
    chosen += [name for name in asked if CUSTOM_CUT.fullmatch(name)][:MOST_CUSTOM_CUTS]
    return ReportQuestion.model_validate(
        {
            "by": chosen or USUAL,
            "date_from": form.day("date_from"),
            "date_to": form.day("date_to"),
            "section_id": form.number("section_id"),
            "responsible_id": form.number("responsible_id"),
            "state": form.choice("state", STATES),
            "kind": form.text("kind", longest=50),
            "time_zone": asking_user().time_zone,
        }
    )


def custom_cuts(kinds: Sequence[Kind]) -> dict[str, str]:
    """The custom fields that rows can be cut by, each with its name."""
    return {
        f"custom.{field.code}": field.name for kind in kinds for field in kind.fields if kind.active
    }


def with_repeats(
    question: ReportQuestion, rows: tuple[ReportRow, ...]
) -> list[tuple[ReportRow, int]]:
    """Each row with how many of its first cells say the same as the row above; never all."""
    found: list[tuple[ReportRow, int]] = []
    before: list[Any] = []
    for row in rows:
        cells = [row.cell(name) for name in question.by[:-1]]
        same = 0
        while same < len(before) and before[same] == cells[same]:
            same += 1
        found.append((row, same))
        before = cells
    return found


def totals(rows: tuple[ReportRow, ...]) -> list[dict[str, Any]]:
    """The sums, one for each currency; the average counts each closed case once."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        sums = found.setdefault(row.currency, {"currency": row.currency, "delay": 0.0})
        for name in ("count", "closed", "estimated_revenue", "estimated_cost", "weighted_revenue"):
            sums[name] = sums.get(name, 0) + getattr(row, name)
        sums["delay"] += (row.average_hours_to_close or 0.0) * row.closed
    for sums in found.values():
        sums["average"] = sums["delay"] / sums["closed"] if sums["closed"] else None
    return list(found.values())

"""The report: cases, delays and money, cut as one likes; the whole question is in the address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from services.contracts.errors import InvalidRequest
from services.contracts.reports import Report
from services.web.access.asking import asking_user
from services.web.first_report import OF_ALL, first_report, first_report_of
from services.web.kept_question import VIEW, normal_question
from services.web.pages.form import Form
from services.web.pages.ready_reports import ready_reports
from services.web.pages.report_links import CaseLinks
from services.web.pages.report_question import (
    DIMENSIONS,
    MOST_CUTS,
    Asked,
    custom_cuts,
    read_question,
)
from services.web.pages.report_view import ReportView
from services.web.pages.report_words import FIGURE_WORDS, PERIODS, SHAPES, VIEWS, cut_name
from services.web.pages.report_workbook import report_workbook
from services.web.pages.views import address_of
from services.web.report_csv import report_csv
from services.web.report_figures import FIGURES
from services.web.report_table import report_table
from services.web.report_xlsx import MIME_TYPE
from services.web.saved_filters import filters_of, may_share
from services.web.wiring import wired

blueprint = Blueprint("report", __name__, url_prefix="/report")

FEWEST_CUTS_OFFERED = 3


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The graph and the table, with the form that asks for others.

    Without a question, the report that was chosen to open first.
    """
    first = None if request.args else _first()
    if first is not None:
        return redirect(address_of(first), 303)
    form = Form(request.args)
    asked, directory = read_question(form, wired().directory), wired().directory
    kinds = directory.kinds()
    try:
        report = wired().reporting.report(asked.question)
    except InvalidRequest as error:
        form.refused(error)
        report = Report()
    names = {kind.code: kind.name for kind in kinds}
    table = report_table(asked.question, report, asked.figures)
    view = ReportView(table, CaseLinks(asked.question, report, kinds), names)
    return render_template(
        "report/report.html",
        **_form_context(asked),
        **_kept_context(asked),
        asked=asked,
        question=asked.question,
        report=report,
        table=table,
        view=view,
        cut_names=[
            cut_name(cut, custom_cuts(kinds)) for cut in (*table.by, *asked.question.columns)
        ],
        errors=form.errors,
    )


@blueprint.get("/report.csv")
def download() -> Response:
    """The same as comma-separated values."""
    asked = read_question(Form(request.args), wired().directory)
    report = wired().reporting.report(asked.question)
    lines = report_csv(report_table(asked.question, report, asked.figures))
    response = Response(lines, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="report.csv")
    return response


@blueprint.get("/report.xlsx")
def workbook() -> Response:
    """The same as a workbook, in the words of the page."""
    asked, kinds = read_question(Form(request.args), wired().directory), wired().directory.kinds()
    report = wired().reporting.report(asked.question)
    file = report_workbook(report_table(asked.question, report, asked.figures), kinds)
    return send_file(file, MIME_TYPE, as_attachment=True, download_name="report.xlsx")


def _form_context(asked: Asked) -> dict[str, Any]:
    """What the form offers, and the addresses that change one thing of the question."""
    directory = wired().directory
    customs = custom_cuts(directory.kinds())
    cuts = {cut: cut_name(cut, customs) for cut in (*DIMENSIONS, *customs)}
    pairs = asked.pairs()
    offered = min(MOST_CUTS, max(FEWEST_CUTS_OFFERED, len(asked.question.by) + 1))
    return {
        "cuts": cuts | {cut: cut_name(cut, customs) for cut in asked.question.by},
        "rows_offered": [*asked.question.by, *[""] * (offered - len(asked.question.by))],
        "sections": directory.sections(),
        "users": directory.users(),
        "kinds": directory.kinds(),
        "categories": directory.categories(),
        "partner_categories": directory.partner_categories(),
        "figures": FIGURES,
        "figure_words": FIGURE_WORDS,
        "periods": {code: (words, _with(pairs, period=code)) for code, words in PERIODS.items()},
        "views": {code: (words, _with(pairs, view=code)) for code, words in VIEWS.items()},
        "shapes": SHAPES,
        "ready": ready_reports(directory.kinds()),
        "present": urlencode(pairs),
    }


def _kept_context(asked: Asked) -> dict[str, Any]:
    """Whether this report is kept by a name, and whether it opens first."""
    user, question = asking_user(), normal_question([*asked.pairs(), (VIEW, "report")])
    with wired().database.read() as connection:
        return {
            "kept_question": question,
            "kept": next((f for f in filters_of(connection, user) if f.question == question), None),
            "first_of_me": first_report_of(connection, user.id),
            "first_of_all": first_report_of(connection, OF_ALL),
            "may_share": may_share(user),
        }


def _first() -> str | None:
    with wired().database.read() as connection:
        return first_report(connection, asking_user().id)


def _with(pairs: list[tuple[str, str]], **changes: str) -> str:
    """The page's address with something of the question changed."""
    gone = {*changes, *(("date_from", "date_to") if "period" in changes else ())}
    kept = [pair for pair in pairs if pair[0] not in gone]
    return f"{url_for('report.show')}?{urlencode([*kept, *changes.items()])}"

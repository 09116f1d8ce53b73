"""The list of cases; the whole question is in the address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.case_commands import CaseQuestion
from services.contracts.case_views import CaseCounts, CountQuestion
from services.contracts.cases import UNCLOSED, CaseSnapshot
from services.contracts.errors import InvalidRequest
from services.runtime.identity import new_id
from services.web.clients.page import Page
from services.web.list_columns import AT_FIRST, COLUMNS
from services.web.pages import first_steps
from services.web.pages.case_groups import group_asked, groups_of
from services.web.pages.case_question import Asked, list_address, read_question
from services.web.pages.column_words import COLUMN_WORDS
from services.web.pages.form import Form
from services.web.pages.group_words import CUTS, CUTS_WITHIN
from services.web.pages.list_columns import present_columns
from services.web.pages.list_heads import heads_of
from services.web.pages.question_page import has_no_case, question_context
from services.web.wiring import wired

blueprint = Blueprint("case_list", __name__)

MOST_CUSTOM_COLUMNS = 5
FITTING_COLUMNS = len(AT_FIRST)
MOST_BEYOND = 12  # for so many more columns there are widths


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """To the cases that wait for somebody; in a fresh system to its first steps."""
    if first_steps.are_wanted():
        return redirect(url_for("first_steps.show"), 303)
    return redirect(url_for("case_list.show", state=UNCLOSED), 303)


@blueprint.get("/cases")
def show() -> ResponseReturnValue:
    """A page of the cases asked for."""
    return list_page()


@blueprint.get("/cases/rows")
def rows() -> ResponseReturnValue:
    """More rows of a group, from behind the cursor, with the way to those behind them."""
    form = Form(request.args)
    asked = read_question(form, wired().directory)
    page = wired().cases.list_cases(asked.question)
    more = list_address(cursor=page.next) if page.next else None
    return render_template("case_list/rows.html", **_row_context(asked), page=page, more=more)


def list_page(status: int = 200, **more: Any) -> ResponseReturnValue:
    """The page; `more` is what a change of ticked cases adds to it."""
    form, by = Form(request.args), group_asked()
    asked = read_question(form, wired().directory)
    page: Page[CaseSnapshot] = Page([])
    grouped: dict[str, Any] = {"groups": None, "counts": None}
    in_all: CaseCounts | None = None
    try:
        if by is None:
            page = wired().cases.list_cases(asked.question)
        else:
            grouped["counts"], grouped["groups"] = groups_of(asked.question, by)
        in_all = _in_all(asked)
    except InvalidRequest as error:
        form.refused(error)
    is_empty = not page.items and not grouped["groups"]
    shown: dict[str, Any] = {
        **question_context(form, asked),
        **_row_context(asked),
        **grouped,
        **_pager(asked.question, page),
        "page": page,
        "in_all": in_all,
        "group": by,
        "cuts": CUTS,
        "cuts_within": CUTS_WITHIN,
        "is_new": is_empty and has_no_case(),
        "key": new_id(),
        "outcome": None,
        "texts": {},
        "bulk_errors": {},
    }
    return render_template("case_list/list.html", **(shown | more)), status


def _in_all(asked: Asked) -> CaseCounts | None:
    """How many cases there are, for who comes from a figure of a report to compare it."""
    if not asked.counted:
        return None
    return wired().cases.count(CountQuestion(cases=asked.question, total_only=True))


def _pager(question: CaseQuestion, page: Page[CaseSnapshot]) -> dict[str, Any]:
    return {
        "next_page": list_address(cursor=page.next) if page.next else None,
        "previous_page": list_address(cursor=page.previous) if page.previous else None,
        "first_page": list_address(cursor=None) if question.cursor else None,
    }


def _row_context(asked: Asked) -> dict[str, Any]:
    """What every row is rendered with."""
    chosen = present_columns()
    custom = asked.fields[:MOST_CUSTOM_COLUMNS]
    return {
        "columns": chosen,
        "column_words": COLUMN_WORDS,
        "other_columns": tuple(code for code in COLUMNS if code not in chosen),
        "heads": heads_of(asked.question.sort),
        "custom_columns": custom,
        "beyond": min(max(0, len(chosen) + len(custom) - FITTING_COLUMNS), MOST_BEYOND),
        "at_first": chosen == AT_FIRST,
        "kind_names": {kind.code: kind.name for kind in wired().directory.kinds()},
        "question": asked.question,
        "ticked": frozenset(),
    }

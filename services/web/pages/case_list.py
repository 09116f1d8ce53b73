"""The list of cases; the whole question is in the address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.case_commands import CaseQuestion
from services.contracts.cases import UNCLOSED, CaseSnapshot
from services.contracts.errors import InvalidRequest
from services.runtime.identity import new_id
from services.web.access.asking import asking_user
from services.web.clients.page import Page
from services.web.pages.case_question import ME, SORTS, Asked, list_address, read_question
from services.web.pages.form import Form
from services.web.pages.words import STATES
from services.web.saved_filters import SavedFilter, filters_of, may_share, normal_question
from services.web.wiring import wired

blueprint = Blueprint("case_list", __name__)

MOST_CUSTOM_COLUMNS = 5


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """To the cases that somebody has to do something about."""
    return redirect(url_for("case_list.show", state=UNCLOSED), 303)


@blueprint.get("/cases")
def show() -> ResponseReturnValue:
    """A page of the cases asked for."""
    return list_page()


def list_page(status: int = 200, **more: Any) -> ResponseReturnValue:
    """The page; `more` is what a change of ticked cases adds to it."""
    form, directory = Form(request.args), wired().directory
    asked = read_question(form, directory)
    question = asked.question
    page: Page[CaseSnapshot] = Page([])
    try:
        page = wired().cases.list_cases(question)
    except InvalidRequest as error:
        form.refused(error)
    kept = _kept_as(normal_question(request.args.items(multi=True)))
    shown: dict[str, Any] = {
        "page": page,
        "asked": asked,
        "question": question,
        "kept": kept,
        "present": normal_question(request.args.items(multi=True)),
        "title": kept.name if kept else _title(asked),
        "errors": form.errors,
        "is_new": not page.items and _has_no_case(),
        "next_page": list_address(cursor=page.next) if page.next else None,
        "first_page": list_address(cursor=None) if question.cursor else None,
        "sorts": SORTS,
        "columns": asked.fields[:MOST_CUSTOM_COLUMNS],
        "sections": directory.sections(),
        "users": directory.users(),
        "kinds": directory.kinds(),
        "categories": directory.categories(),
        "kind_names": {kind.code: kind.name for kind in directory.kinds()},
        "may_share": may_share(asking_user()),
        "key": new_id(),
        "ticked": frozenset(),
        "outcome": None,
        "texts": {},
        "bulk_errors": {},
    }
    return render_template("case_list/list.html", **(shown | more)), status


def _has_no_case() -> bool:
    """Whether this system is new; then the page says how the first case comes."""
    return not wired().cases.list_cases(CaseQuestion(limit=1)).items


def _kept_as(question: str) -> SavedFilter | None:
    """The saved filter that asks just this."""
    if not question:
        return None
    with wired().database.read() as connection:
        found = filters_of(connection, asking_user())
    return next((one for one in found if one.question == question), None)


def _title(asked: Asked) -> str:
    question, states = asked.question, set(asked.question.state)
    if asked.responsible == ME or question.responsible_id == asking_user().id:
        return "My cases"
    if question.late:
        return "Late cases"
    if states == set(UNCLOSED):
        return "Active cases"
    if len(states) == 1:
        return f"{STATES[question.state[0]]} cases"
    return "Cases"

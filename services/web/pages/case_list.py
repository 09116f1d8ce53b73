"""The list of cases; the whole question is in the address."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.case_commands import CaseQuestion
from services.contracts.errors import InvalidRequest
from services.web.access.asking import asking_user
from services.web.clients.page import Page
from services.web.pages.form import Form
from services.web.pages.words import PRIORITIES, STATES
from services.web.wiring import wired

blueprint = Blueprint("case_list", __name__)

ACTIVE = ("draft", "open", "pending")
PAGE_SIZE = 50


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """To the cases that somebody has to do something about."""
    return redirect(url_for("case_list.show", state=ACTIVE), 303)


@blueprint.get("/cases")
def show() -> ResponseReturnValue:
    """A page of the cases asked for."""
    form = Form(request.args)
    question = read_question(form)
    directory = wired().directory
    try:
        page = wired().cases.list_cases(question)
    except InvalidRequest as error:
        form.refused(error)
        page = Page([])
    return render_template(
        "case_list/list.html",
        page=page,
        question=question,
        title=_title(question),
        is_new=not page.items and _has_no_case(),
        next_page=_address(cursor=page.next) if page.next else None,
        first_page=_address(cursor=None) if question.cursor else None,
        sections=directory.sections(),
        users=directory.users(),
        kinds=directory.kinds(),
        kind_names={kind.code: kind.name for kind in directory.kinds()},
    )


def read_question(form: Form) -> CaseQuestion:
    """The question in an address; what cannot be understood is left out."""
    return CaseQuestion.model_validate(
        {
            "q": form.text("q", longest=500),
            "state": [state for state in form.given.getlist("state") if state in STATES],
            "section_id": form.number("section_id"),
            "responsible_id": form.number("responsible_id"),
            "partner_id": form.number("partner_id"),
            "kind": form.text("kind", longest=50),
            "priority": form.choice("priority", PRIORITIES),
            "cursor": form.text("cursor", longest=100),
            "limit": PAGE_SIZE,
        }
    )


def _address(**changes: str | None) -> str:
    """This page's address with something in its question changed."""
    values = request.args.to_dict(flat=False) | {k: [v] for k, v in changes.items() if v}
    for name in [name for name, value in changes.items() if value is None]:
        values.pop(name, None)
    return f"{url_for('case_list.show')}?{urlencode(values, doseq=True)}"


def _has_no_case() -> bool:
    """Whether this system is new; then the page says how the first case comes."""
    return not wired().cases.list_cases(CaseQuestion(limit=1)).items


def _title(question: CaseQuestion) -> str:
    states = set(question.state)
    if question.responsible_id == asking_user().id:
        return "My cases"
    if states == set(ACTIVE):
        return "Active cases"
    if len(states) == 1:
        return f"{STATES[question.state[0]]} cases"
    return "Cases"

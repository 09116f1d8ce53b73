"""On a case: the one before it and the one behind it in the list that one came from (C4)."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from services.web.pages.case_question import read_question
from services.web.pages.form import Form
from services.web.pages.views import list_of
from services.web.wiring import wired

blueprint = Blueprint("case_neighbours", __name__, url_prefix="/cases/<int:number>/neighbours")


@blueprint.get("")
def show(number: int) -> ResponseReturnValue:
    """Links to them; the address has the question of the list."""
    asked = read_question(Form(request.args), wired().directory)
    found = wired().cases.neighbours(asked.question, number)
    return render_template("case/neighbours.html", found=found, list_address=list_of())

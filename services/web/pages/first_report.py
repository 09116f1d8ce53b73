"""Choosing the report that opens first (R3)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.web.access.asking import asking_user
from services.web.first_report import OF_ALL, save_first_report
from services.web.kept_question import VIEW, normal_question
from services.web.pages.views import address_of
from services.web.saved_filters import LONGEST_QUESTION
from services.web.wiring import wired

blueprint = Blueprint("first_report", __name__, url_prefix="/report/first")


@blueprint.post("")
def keep() -> ResponseReturnValue:
    """Open this report first, for oneself; without a question as before."""
    return _keep(asking_user().id)


@blueprint.post("/for-all")
def keep_for_all() -> ResponseReturnValue:
    """Open this report first, for everybody who chose none of his own."""
    return _keep(OF_ALL)


def _keep(user_id: int) -> ResponseReturnValue:
    given = [pair for pair in parse_qsl(request.form.get("question", "")) if pair[0] != VIEW]
    question = normal_question([*given, (VIEW, "report")])[:LONGEST_QUESTION] if given else None
    with wired().database.write() as connection:
        save_first_report(connection, user_id, question)
    return redirect(address_of(question) if question else url_for("report.show"), 303)

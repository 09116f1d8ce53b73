"""The record of sign-ins, for administrators."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.web.access.sign_in_log import EVENTS, FAILURES, PAGE, SignInQuestion, entries
from services.web.pages.form import Form
from services.web.pages.sign_in_words import HAPPENED
from services.web.wiring import wired

blueprint = Blueprint("sign_ins", __name__, url_prefix="/users/sign-ins")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """A page of it, the latest first."""
    form = Form(request.args)
    question = SignInQuestion(
        what=form.choice("what", EVENTS),
        name=(form.text("name", longest=100) or "")[:100],
        user_id=form.number("user_id"),
        before=form.number("before"),
        limit=PAGE + 1,
    )
    with wired().database.read() as connection:
        found = entries(connection, question)
    shown = found[:PAGE]
    page = render_template(
        "users/sign_ins.html",
        events=shown,
        question=question,
        errors=form.errors,
        words=HAPPENED,
        failures=FAILURES,
        names={user.id: user.name for user in wired().directory.users()},
        next_page=_address(before=shown[-1].id) if len(found) > PAGE else None,
        first_page=_address(before=None) if question.before is not None else None,
    )
    return page, 422 if form.errors else 200


def _address(**changed: Any) -> str:
    """This list with something changed in its question."""
    kept = {name: value for name, value in request.args.items() if value}
    return url_for("sign_ins.show", **{**kept, **changed})

"""Corrective and preventive actions: on a case, and all that are due (K7)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.case_commands import SaveQualityAction
from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.runtime.identity import new_id
from services.web.access.asking import asking_user, command_origin
from services.web.pages.case_page import back_to, case_page
from services.web.pages.form import Form
from services.web.pages.moments import today
from services.web.pages.refusal_words import error_words
from services.web.wiring import wired

blueprint = Blueprint("case_quality", __name__)

TYPES = ("corrective", "preventive")


@blueprint.post("/cases/<int:number>/quality-actions")
def add(number: int) -> ResponseReturnValue:
    """Add an action to a case."""
    return _save(number, Form(request.form), None)


@blueprint.post("/cases/<int:number>/quality-actions/<int:id>")
def change(number: int, id: int) -> ResponseReturnValue:
    """Change one, or tick it off."""
    return _save(number, Form(request.form), id)


@blueprint.get("/quality-actions")
def show() -> ResponseReturnValue:
    """What is due: of oneself, or of everybody."""
    form, me = Form(request.args), asking_user()
    whose = form.choice("whose", ("mine", "all")) or "mine"
    page = wired().cases.quality_actions(
        owner_id=me.id if whose == "mine" else None,
        done=form.flag("done"),
        cursor=form.text("cursor", longest=500),
    )
    return render_template(
        "case/quality_list.html",
        page=page,
        whose=whose,
        done=form.flag("done"),
        cursor=form.text("cursor", longest=500),
        today=today(me.time_zone),
        key=new_id(),
    )


def _save(number: int, form: Form, id: int | None) -> ResponseReturnValue:
    fields = _fields(form, whole=form.has("text") or id is None)
    version = form.number("version", low=1)
    if not form.errors:
        origin = dict(command_origin(form.text("idempotency_key")))
        asked: dict[str, Any] = {"number": number, "fields": fields}
        if id is not None:
            asked |= {"id": id, "version": version}
        try:
            wired().cases.save_quality_action(SaveQualityAction.model_validate(origin | asked))
            if form.text("back") == "list":
                return redirect(f"{url_for('case_quality.show')}?{urlencode(request.args)}", 303)
            return back_to(number, "quality")
        except InvalidRequest as error:
            form.refused(error)
        except (StaleVersion, NotFound) as error:
            form.errors["text"] = f"{error_words(error)}."
    written = {**request.form.to_dict(), "id": id}
    case = wired().cases.get(number)
    return case_page(case, 422, action=written, action_errors=form.errors)


def _fields(form: Form, *, whole: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if whole:
        due = form.day("due")
        fields = {
            "type": form.choice("type", TYPES) or "corrective",
            "text": form.text("text", required=True, longest=5_000),
            "owner_id": form.number("owner_id"),
            "due": due.isoformat() if due else None,
        }
    if form.has("done"):
        fields["done"] = form.choice("done", ("yes", "no")) == "yes"
    return fields

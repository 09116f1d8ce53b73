"""Changing the ticked cases of a list at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from services.contracts.case_commands import ChangeCases
from services.contracts.errors import InvalidRequest
from services.web.access.asking import command_origin
from services.web.pages.case_list import list_page
from services.web.pages.case_tags import tags_in
from services.web.pages.form import Form
from services.web.pages.words import PRIORITIES, STATES
from services.web.translation import gettext
from services.web.wiring import wired

blueprint = Blueprint("case_bulk", __name__, url_prefix="/cases")

NONE = "none"  # what a choice says that empties a field; an empty choice leaves it


@blueprint.post("")
def change() -> ResponseReturnValue:
    """Change them, and show the list again with what came of it."""
    form = Form(request.form)
    numbers, asked = _ticked(form), _asked(form)
    if not numbers:
        form.errors.setdefault("numbers", gettext("Tick the cases that you mean."))
    elif not any(asked.values()):
        form.errors.setdefault("numbers", gettext("Choose what becomes of them."))
    outcome = None
    if not form.errors:
        origin = dict(command_origin(form.text("idempotency_key")))
        try:
            command = ChangeCases.model_validate({**origin, "numbers": numbers, **asked})
            outcome = wired().cases.change_several(command)
        except InvalidRequest as error:
            form.refused(error)
    if outcome is not None:
        return list_page(outcome=outcome)
    texts = request.form.to_dict()
    return list_page(422, ticked=frozenset(numbers), texts=texts, bulk_errors=form.errors)


def _ticked(form: Form) -> list[int]:
    """Those ticked; with "all on this page" those that the page showed."""
    found = form.numbers("shown") if form.flag("all") else form.numbers("number")
    return sorted(set(found))


def _asked(form: Form) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in ("section_id", "responsible_id", "category_id"):
        if form.text(name) == NONE:
            fields[name] = None
        elif form.text(name):
            fields[name] = form.number(name)
    if form.text("priority"):
        fields["priority"] = form.choice("priority", PRIORITIES)
    asked: dict[str, Any] = {
        "fields": fields,
        "add_tags": tags_in(form, "add_tags"),
        "remove_tags": tags_in(form, "remove_tags"),
    }
    state = form.choice("then", STATES)
    return asked | ({"state": state} if state else {})

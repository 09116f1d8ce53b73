"""The fields of a kind for a form, when somebody chooses another kind."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from services.web.pages.case_form import kind_fields
from services.web.pages.form import Form
from services.web.wiring import wired

blueprint = Blueprint("custom_fields", __name__, url_prefix="/custom-fields")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Its fields, with what the form holds of them already."""
    directory = wired().directory
    return render_template(
        "case/custom_form.html",
        fields=kind_fields(directory, Form(request.args).text("kind")),
        users=directory.users(),
        texts=request.args.to_dict(),
        errors={},
    )

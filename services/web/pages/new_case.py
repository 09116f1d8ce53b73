"""A new case, by hand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.case_commands import CaseFields, CreateCase
from services.contracts.errors import InvalidRequest
from services.runtime.identity import new_id
from services.web.access.asking import asking_user, command_origin
from services.web.pages.case_form import changed_fields, kind_fields
from services.web.pages.drafts import taken
from services.web.pages.form import Form
from services.web.pages.time_fields import end_of
from services.web.wiring import wired

blueprint = Blueprint("new_case", __name__, url_prefix="/new-case")

NEVER_EMPTY = ("kind", "priority", "currency")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """An empty form."""
    me = asking_user()
    texts = {"priority": "normal", "kind": "helpdesk", "responsible_id": str(me.id)}
    texts |= {"time_zone": me.time_zone, **request.args.to_dict()}
    return _page(texts | end_of(texts))


@blueprint.post("")
def create() -> ResponseReturnValue:
    """Open the case and go there."""
    form, wiring = Form(request.form), wired()
    form.text("subject", required=True, longest=500)
    state = form.choice("state", ("open", "draft")) or "open"
    fields = changed_fields(form, None, wiring.directory, asking_user().time_zone)
    if not form.errors:
        origin = dict(command_origin(form.text("idempotency_key")))
        given = _without_empty(fields)
        try:
            case = wiring.cases.create(
                CreateCase.model_validate(origin | {"fields": given, "state": state})
            )
            return taken(redirect(url_for("case.show", number=case.number), 303), "new-case")
        except InvalidRequest as error:
            form.refused(error)
    return _page(request.form.to_dict(), form.errors, 422)


def _without_empty(fields: CaseFields) -> dict[str, Any]:
    values = fields.model_dump(exclude_unset=True)
    return {name: v for name, v in values.items() if v is not None or name not in NEVER_EMPTY}


def _page(
    texts: dict[str, str], errors: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    directory = wired().directory
    page = render_template(
        "new_case/new.html",
        texts=texts,
        errors=errors or {},
        key=new_id(),
        sections=directory.sections(),
        users=directory.users(),
        kinds=directory.kinds(),
        categories=directory.categories(),
        fields=kind_fields(directory, texts.get("kind")),
        dated_kinds=[kind.code for kind in directory.kinds() if kind.dated],
        repeat_words="",
    )
    return page, status

"""Predefined mails: list, form with a preview on a real case, and history."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.directory import SaveTemplate
from services.contracts.templates import FIELDS, FILTERS, LISTS
from services.web.access.asking import Origin
from services.web.pages.entry_form import EntryForm
from services.web.pages.entry_history import entry_lines, plain_words
from services.web.pages.form import Form
from services.web.pages.template_preview import Preview, preview_of
from services.web.wiring import wired

blueprint = Blueprint("templates", __name__, url_prefix="/templates")

LONGEST_SUBJECT = 500
LONGEST_TEXT = 50_000


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All templates by name."""
    return render_template("templates/list.html", templates=wired().templates.list_templates())


@blueprint.get("/new")
@blueprint.get("/<int:id>")
def edit(id: int | None = None) -> ResponseReturnValue:
    """The form for a template."""
    if id is None:
        return _form_page(EntryForm(None, {"active": True}))
    template = wired().templates.get(id)
    return _form_page(EntryForm(id, template.model_dump(), template.version))


@blueprint.post("/new")
@blueprint.post("/<int:id>")
def save(id: int | None = None) -> ResponseReturnValue:
    """Save it, or show what is wrong."""
    form = Form(request.form)
    entry = EntryForm(id, _fields(form))
    if form.text("do") == "preview":
        entry.version = form.number("version")
        return _form_page(entry, preview_of(form))

    def carry_out(origin: Origin) -> object:
        command = SaveTemplate(**origin, id=id, version=entry.version, fields=entry.values)
        return wired().templates.save(command)

    if entry.save(form, carry_out):
        return redirect(url_for("templates.show"), 303)
    return _form_page(entry)


@blueprint.post("/preview")
def preview() -> ResponseReturnValue:
    """What the subject and text written make of a case."""
    return render_template("templates/preview.html", preview=preview_of(Form(request.form)))


def _fields(form: Form) -> dict[str, Any]:
    return {
        "name": form.text("name", required=True, longest=200),
        "subject": form.text("subject", required=True, longest=LONGEST_SUBJECT),
        "text": form.text("text", required=True, longest=LONGEST_TEXT),
        "active": form.flag("active"),
    }


def _form_page(entry: EntryForm, preview: Preview | None = None) -> ResponseReturnValue:
    history = wired().templates.history(entry.id) if entry.id is not None else []
    page = render_template(
        "templates/form.html",
        entry=entry,
        preview=preview,
        preview_number=request.form.get("preview_number", ""),
        fields=[name for name in FIELDS if name not in LISTS],
        lists=LISTS,
        filters=sorted(FILTERS),
        history=entry_lines(history, plain_words),
    )
    return page, entry.status

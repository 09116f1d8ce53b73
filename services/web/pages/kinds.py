"""Kinds of case, each with the fields that its cases have besides the usual ones."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.directory import Kind, SaveKind
from services.contracts.errors import NotFound
from services.web.access.asking import Origin
from services.web.pages.directory_words import directory_lines
from services.web.pages.entry_form import EntryForm
from services.web.pages.field_rows import (
    TYPES,
    FieldRow,
    errors_by_row,
    given_rows,
    rows_of,
)
from services.web.pages.form import Form
from services.web.pages.form_rows import arrange
from services.web.translation import gettext
from services.web.wiring import wired

blueprint = Blueprint("kinds", __name__, url_prefix="/kinds")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All kinds by name."""
    kinds = sorted(wired().directory.kinds(), key=lambda kind: kind.name.casefold())
    return render_template("kinds/list.html", kinds=kinds)


@blueprint.get("/new")
@blueprint.get("/<code>")
def edit(code: str | None = None) -> ResponseReturnValue:
    """The form for a kind."""
    if code is None:
        return _form_page(None, EntryForm(None, {"active": True}), [])
    kind = _find(code)
    entry = EntryForm(None, kind.model_dump(), kind.version)
    return _form_page(code, entry, rows_of(kind.fields))


@blueprint.post("/new")
@blueprint.post("/<code>")
def save(code: str | None = None) -> ResponseReturnValue:
    """Save it, or show what is wrong; `arrange` only adds, moves or removes a row."""
    form = Form(request.form)
    known = {field.code for field in _find(code).fields} if code is not None else set()
    rows = given_rows(form, known)
    entry = EntryForm(None, _values(form, code))
    step = form.text("arrange", longest=20)
    if step:
        form.errors.clear()
        entry.version = form.number("version")
        return _form_page(code, entry, arrange(rows, step, FieldRow))

    def carry_out(origin: Origin) -> object:
        fields = [row.field() for row in rows]
        given = {**entry.values, "fields": fields, "version": entry.version or 0}
        return wired().directory.save_kind(SaveKind.model_validate({**origin, **given}))

    if entry.save(form, carry_out):
        return redirect(url_for("kinds.show"), 303)
    return _form_page(code, entry, rows)


def _values(form: Form, code: str | None) -> dict[str, Any]:
    given = code or form.text("code", required=True, longest=50) or ""
    if code is None and given and not _is_code(given):
        form.errors["code"] = gettext("Small letters, digits and _, beginning with a letter.")
    return {
        "code": given,
        "name": form.text("name", required=True, longest=200),
        "dated": form.flag("dated"),
        "active": form.flag("active"),
    }


def _is_code(text: str) -> bool:
    plain = text.isascii() and text.replace("_", "a").isalnum()
    return plain and text == text.lower() and text[0].isalpha()


def _find(code: str) -> Kind:
    found = next((kind for kind in wired().directory.kinds() if kind.code == code), None)
    if found is None:
        raise NotFound("kind", code)
    return found


def _form_page(code: str | None, entry: EntryForm, rows: list[FieldRow]) -> ResponseReturnValue:
    page = render_template(
        "kinds/form.html",
        code=code,
        entry=entry,
        rows=rows,
        row_errors=errors_by_row(entry.errors),
        types=TYPES,
        history=directory_lines("kind", code),
    )
    return page, entry.status

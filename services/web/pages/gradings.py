"""Gradings of suppliers: the list, the form of one, and deleting it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.errors import StaleVersion
from services.contracts.grades import DeleteGrading, Grading, SaveGrading
from services.web.access.asking import Origin, asking_user, command_origin
from services.web.pages.entry_form import EntryForm
from services.web.pages.form import Form
from services.web.pages.form_rows import arrange, place_errors
from services.web.pages.grade_rows import PARTS, GradeRow, given_rows, rows_of
from services.web.pages.grade_words import limit_words, why_words
from services.web.pages.rate_rows import CURRENCY
from services.web.pages.refusal_words import error_words
from services.web.time_zones import TIME_ZONES
from services.web.translation import gettext
from services.web.wiring import wired

blueprint = Blueprint("gradings", __name__, url_prefix="/gradings")

FIELDS = ("name", "kind", "section_id", "months", "time_zone", "currency", "active")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All gradings by name."""
    directory = wired().directory
    return render_template(
        "gradings/list.html",
        gradings=wired().reporting.gradings(),
        kinds={one.code: one.name for one in directory.kinds()},
        sections={one.id: one.name for one in directory.sections()},
        categories=_category_names(),
    )


@blueprint.get("/<int:id>")
def one(id: int) -> ResponseReturnValue:
    """The suppliers of one with their figures and grades."""
    shown = wired().reporting.grades(id)
    grading = shown.grading
    return render_template(
        "gradings/one.html",
        shown=shown,
        grading=grading,
        grades=[
            (
                name,
                limit_words(grade, grading.currency),
                _graded(shown.suppliers, grade.category_id),
            )
            for name, grade in zip(shown.categories, grading.grades, strict=True)
        ],
        rows=[(supplier, why_words(supplier, grading)) for supplier in shown.suppliers],
        counted=_counted(grading),
    )


@blueprint.get("/new")
@blueprint.get("/<int:id>/edit")
def edit(id: int | None = None) -> ResponseReturnValue:
    """The form of a grading."""
    if id is None:
        values: dict[str, Any] = {"months": 12, "active": True}
        values |= {"time_zone": asking_user().time_zone, "currency": "EUR"}
        return _form_page(EntryForm(None, values), [GradeRow(), GradeRow(), GradeRow()])
    grading = wired().reporting.grading(id)
    values = grading.model_dump(include=set(FIELDS))
    return _form_page(EntryForm(id, values, grading.version), rows_of(grading.grades))


@blueprint.post("/new")
@blueprint.post("/<int:id>/edit")
def save(id: int | None = None) -> ResponseReturnValue:
    """Save it, or show what is wrong; `arrange` only adds, moves or removes a row."""
    form = Form(request.form)
    rows, step = given_rows(form), form.text("arrange", longest=20)
    fields = _fields(form)
    entry = EntryForm(id, {name: form.given.get(name, "") for name in FIELDS} | fields)
    if step:
        entry.version = Form(request.form).number("version")
        return _form_page(entry, arrange(rows, step, GradeRow))
    fields["grades"] = [row.told() for row in rows]
    if not rows or any(row.wrong for row in rows):
        form.errors["grades"] = gettext("Give every grade a category, and limits that are numbers.")
    saved: list[Grading] = []

    def carry_out(origin: Origin) -> object:
        command = SaveGrading(**origin, id=id, version=entry.version, fields=fields)
        saved.append(wired().reporting.save_grading(command))
        return saved

    if entry.save(form, carry_out):
        return redirect(url_for("gradings.one", id=saved[0].id), 303)
    return _form_page(entry, rows)


@blueprint.get("/<int:id>/delete", endpoint="delete")
@blueprint.post("/<int:id>/delete", endpoint="delete")
def delete(id: int) -> ResponseReturnValue:
    """Ask first, then delete it."""
    if request.method == "GET":
        return _ask_page(id)
    form = Form(request.form)
    origin = command_origin(form.text("idempotency_key"))
    try:
        command = DeleteGrading(**origin, id=id, version=form.number("version") or 0)
        wired().reporting.delete_grading(command)
    except StaleVersion as error:
        return _ask_page(id, error_words(error), 409)
    return redirect(url_for("gradings.show"), 303)


def _fields(form: Form) -> dict[str, Any]:
    currency = (form.text("currency") or "").upper()[:100]
    if not CURRENCY.fullmatch(currency):
        form.errors["currency"] = gettext("Three letters such as USD, please.")
    return {
        "name": form.text("name", required=True, longest=200),
        "kind": form.text("kind", longest=50),
        "section_id": form.number("section_id"),
        "months": form.number("months", low=1, high=36) or 12,
        "time_zone": form.choice("time_zone", TIME_ZONES) or "UTC",
        "currency": currency,
        "active": form.flag("active"),
    }


def _graded(suppliers: Any, category_id: int) -> int:
    return sum(one.category_id == category_id for one in suppliers)


def _counted(grading: Grading) -> dict[str, str]:
    """Names of what counts."""
    directory = wired().directory
    kinds = {one.code: one.name for one in directory.kinds()}
    sections = {one.id: one.name for one in directory.sections()}
    return {
        "kind": kinds.get(grading.kind, grading.kind) if grading.kind else "",
        "section": sections.get(grading.section_id, f"#{grading.section_id}")
        if grading.section_id
        else "",
    }


def _category_names() -> dict[int, str]:
    return {one.id: one.path for one in wired().directory.partner_categories()}


def _form_page(entry: EntryForm, rows: list[GradeRow]) -> ResponseReturnValue:
    left = place_errors(entry.errors, "grades", rows, PARTS)
    directory = wired().directory
    page = render_template(
        "gradings/form.html",
        entry=entry,
        e=left,
        rows=rows,
        kinds=[(one.code, one.name) for one in directory.kinds()],
        sections=[(one.id, one.name) for one in directory.sections()],
        categories=[(str(id), path) for id, path in _category_names().items()],
        zones=sorted(TIME_ZONES),
    )
    return page, entry.status


def _ask_page(id: int, refusal: str = "", status: int = 200) -> ResponseReturnValue:
    grading = wired().reporting.grading(id)
    return render_template("gradings/delete.html", grading=grading, refusal=refusal), status

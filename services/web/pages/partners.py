"""Partners: customers and suppliers, with their contacts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.directory import Partner, SavePartner
from services.web.access.asking import Origin
from services.web.pages.directory_words import directory_lines
from services.web.pages.entry_form import EntryForm
from services.web.pages.form import Form
from services.web.wiring import wired

blueprint = Blueprint("partners", __name__, url_prefix="/partners")

EMPTY_ROWS = 2


@blueprint.get("")
def show() -> ResponseReturnValue:
    """A page of partners, those whose name or address holds the text asked for."""
    form = Form(request.args)
    q, cursor = form.text("q", longest=300), form.text("cursor", longest=100)
    directory = wired().directory
    page = directory.partners(q, cursor)
    paths = {node.id: node.path for node in directory.partner_categories()}
    return render_template("partners/list.html", page=page, q=q or "", cursor=cursor, paths=paths)


@blueprint.get("/names")
def names() -> ResponseReturnValue:
    """Names to choose from while somebody types one."""
    found = wired().directory.partners(Form(request.args).text("partner", longest=300), limit=20)
    return render_template("partners/names.html", partners=found.items)


@blueprint.get("/new")
@blueprint.get("/<int:id>")
def edit(id: int | None = None) -> ResponseReturnValue:
    """The form for a partner."""
    if id is None:
        return _form_page(EntryForm(None, {"active": True, "is_customer": True}))
    partner = wired().directory.partner(id)
    return _form_page(EntryForm(id, partner.model_dump(), partner.version))


@blueprint.post("/new")
@blueprint.post("/<int:id>")
def save(id: int | None = None) -> ResponseReturnValue:
    """Save it, or show what is wrong."""
    form, directory = Form(request.form), wired().directory
    before = directory.partner(id) if id is not None else None
    entry = EntryForm(id, _fields(form, before))

    def carry_out(origin: Origin) -> object:
        command = SavePartner(**origin, id=id, version=entry.version, fields=entry.values)
        return directory.save_partner(command)

    if entry.save(form, carry_out):
        return redirect(url_for("partners.show"), 303)
    return _form_page(entry)


def _fields(form: Form, before: Partner | None) -> dict[str, Any]:
    return {
        "name": form.text("name", required=True, longest=300),
        "is_customer": form.flag("is_customer"),
        "is_supplier": form.flag("is_supplier"),
        "category_ids": form.numbers("category_ids"),
        "contacts": _contacts(form, before),
        "active": form.flag("active"),
    }


def _contacts(form: Form, before: Partner | None) -> list[dict[str, Any]]:
    """The rows that have an address; one that stood there before keeps its number."""
    known = {c.address.lower(): c.id for c in before.contacts} if before else {}
    columns = (form.given.getlist(f"contact_{part}") for part in ("name", "address", "phone"))
    found = []
    for name, address, phone in zip(*columns, strict=False):
        if not address.strip():
            continue
        row = {"name": name.strip(), "address": address.strip(), "phone": phone.strip()}
        found.append({"id": known.get(row["address"].lower()), **row})
    return found


def _form_page(entry: EntryForm) -> ResponseReturnValue:
    empty = {"name": "", "address": "", "phone": ""}
    page = render_template(
        "partners/form.html",
        entry=entry,
        contacts=[*entry.values.get("contacts", ()), *[empty] * EMPTY_ROWS],
        categories=wired().directory.partner_categories(),
        history=directory_lines("partner", entry.id),
    )
    return page, entry.status

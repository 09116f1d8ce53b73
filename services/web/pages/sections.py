"""Sections: the tree of teams."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.directory import SaveSection, Section
from services.web.access.asking import Origin
from services.web.pages.directory_words import directory_lines
from services.web.pages.entry_form import EntryForm
from services.web.pages.form import Form
from services.web.wiring import wired

LONGEST_SIGNATURE = 2000

blueprint = Blueprint("sections", __name__, url_prefix="/sections")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All sections, each below the one it lies under."""
    directory = wired().directory
    users = {user.id: user for user in directory.users()}
    sections = directory.sections()
    return render_template(
        "sections/list.html",
        rows=in_tree_order(sections),
        users=users,
        names={section.id: section.name for section in sections},
    )


@blueprint.get("/new")
@blueprint.get("/<int:id>")
def edit(id: int | None = None) -> ResponseReturnValue:
    """The form for a section."""
    if id is None:
        return _form_page(EntryForm(None, {"active": True, "portal": True, "reopen": "reopen"}))
    section = wired().directory.section(id)
    return _form_page(EntryForm(id, section.model_dump(), section.version))


@blueprint.post("/new")
@blueprint.post("/<int:id>")
def save(id: int | None = None) -> ResponseReturnValue:
    """Save it, or show what is wrong."""
    form = Form(request.form)
    entry = EntryForm(id, _fields(form))

    def carry_out(origin: Origin) -> object:
        command = SaveSection(**origin, id=id, version=entry.version, fields=entry.values)
        return wired().directory.save_section(command)

    if entry.save(form, carry_out):
        return redirect(url_for("sections.show"), 303)
    return _form_page(entry)


def in_tree_order(sections: list[Section]) -> list[tuple[int, Section]]:
    """The sections with their depth, each behind the one it lies under."""
    below: dict[int | None, list[Section]] = {}
    ids = {section.id for section in sections}
    for section in sorted(sections, key=lambda one: one.name.casefold()):
        below.setdefault(section.parent_id if section.parent_id in ids else None, []).append(
            section
        )
    found: list[tuple[int, Section]] = []
    waiting = [(0, section) for section in reversed(below.get(None, []))]
    while waiting:
        depth, section = waiting.pop()
        found.append((depth, section))
        waiting += [(depth + 1, one) for one in reversed(below.get(section.id, []))]
    return found


def _fields(form: Form) -> dict[str, Any]:
    return {
        "name": form.text("name", required=True, longest=200),
        "parent_id": form.number("parent_id"),
        "escalation_id": form.number("escalation_id"),
        "manager_id": form.number("manager_id"),
        "member_ids": form.numbers("member_ids"),
        "reply_address": form.text("reply_address", longest=320),
        "language": form.text("language", longest=20) or "en",
        "signature": form.text("signature", longest=LONGEST_SIGNATURE) or "",
        "plus_addresses": form.flag("plus_addresses"),
        "close_on_reply": form.flag("close_on_reply"),
        "close_on_partner_answer": form.flag("close_on_partner_answer"),
        "portal": form.flag("portal"),
        "reopen": form.choice("reopen", ("reopen", "linked")) or "reopen",
        "active": form.flag("active"),
    }


def _form_page(entry: EntryForm) -> ResponseReturnValue:
    directory = wired().directory
    page = render_template(
        "sections/form.html",
        entry=entry,
        sections=[section for section in directory.sections() if section.id != entry.id],
        users=directory.users(),
        history=directory_lines("section", entry.id),
    )
    return page, entry.status

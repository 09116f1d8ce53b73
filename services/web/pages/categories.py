"""Categories of cases and of partners: two trees, edited alike."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.directory import SaveNode, TreeNode
from services.contracts.errors import NotFound
from services.web.access.asking import Origin
from services.web.pages.directory_words import directory_lines
from services.web.pages.entry_form import EntryForm
from services.web.pages.form import Form
from services.web.pages.word_table import Words
from services.web.translation import gettext_noop
from services.web.wiring import wired

blueprint = Blueprint(
    "categories", __name__, url_prefix="/<any(categories, 'partner-categories'):tree>"
)

TITLES = Words(
    {
        "categories": gettext_noop("Categories"),
        "partner-categories": gettext_noop("Partner categories"),
    }
)
WHAT = {"categories": "category", "partner-categories": "partner_category"}


@blueprint.get("")
def show(tree: str) -> ResponseReturnValue:
    """The tree, each below the one it lies under."""
    nodes = [(node.path.count(" / "), node) for node in _nodes(tree)]
    return render_template("categories/list.html", tree=tree, title=TITLES[tree], rows=nodes)


@blueprint.get("/new")
@blueprint.get("/<int:id>")
def edit(tree: str, id: int | None = None) -> ResponseReturnValue:
    """The form for a category; a new one may lie under the one it was asked for from."""
    if id is None:
        under = Form(request.args).number("under")
        return _form_page(tree, EntryForm(None, {"active": True, "parent_id": under}))
    node = _find(tree, id)
    return _form_page(tree, EntryForm(id, node.model_dump(), node.version))


@blueprint.post("/new")
@blueprint.post("/<int:id>")
def save(tree: str, id: int | None = None) -> ResponseReturnValue:
    """Save it, or show what is wrong."""
    form = Form(request.form)
    entry = EntryForm(id, _fields(form))

    def carry_out(origin: Origin) -> object:
        known = {} if id is None else {"id": id, "version": entry.version}
        command = SaveNode.model_validate({**origin, **known, **entry.values})
        directory = wired().directory
        if tree == "categories":
            return directory.save_category(command)
        return directory.save_partner_category(command)

    if entry.save(form, carry_out):
        return redirect(url_for("categories.show", tree=tree), 303)
    return _form_page(tree, entry)


def _fields(form: Form) -> dict[str, Any]:
    return {
        "name": form.text("name", required=True, longest=200),
        "parent_id": form.number("parent_id"),
        "active": form.flag("active"),
    }


def _nodes(tree: str) -> list[TreeNode]:
    directory = wired().directory
    found = directory.categories() if tree == "categories" else directory.partner_categories()
    return sorted(found, key=lambda node: [part.casefold() for part in node.path.split(" / ")])


def _find(tree: str, id: int) -> TreeNode:
    found = next((node for node in _nodes(tree) if node.id == id), None)
    if found is None:
        raise NotFound("category", id)
    return found


def _form_page(tree: str, entry: EntryForm) -> ResponseReturnValue:
    nodes = _nodes(tree)
    own = next((node.path for node in nodes if node.id == entry.id), None)
    page = render_template(
        "categories/form.html",
        tree=tree,
        title=TITLES[tree],
        entry=entry,
        # It cannot lie under itself, nor under what lies below it.
        nodes=[n for n in nodes if own is None or not f"{n.path} / ".startswith(f"{own} / ")],
        history=directory_lines(WHAT[tree], entry.id),
    )
    return page, entry.status

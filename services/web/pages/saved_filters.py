"""Questions of the list that are kept under a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from services.contracts.directory import User
from services.contracts.errors import InvalidRequest
from services.web.access.asking import asking_user
from services.web.pages.form import Form
from services.web.pages.views import address_of
from services.web.saved_filters import (
    LONGEST_NAME,
    SavedFilter,
    add_filter,
    change_filter,
    delete_filter,
    filters_of,
    may_change,
    may_share,
    raise_filter,
)
from services.web.wiring import wired

blueprint = Blueprint("saved_filters", __name__, url_prefix="/filters")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All that one sees, to rename, order or delete; `question` is one to be saved."""
    return _page({"question": request.args.get("question", "")})


@blueprint.post("")
def save() -> ResponseReturnValue:
    """Keep the question of the list that is shown."""
    form = Form(request.form)
    name, question = form.text("name", longest=LONGEST_NAME), form.text("question")

    def carry_out(connection: Connection, user: User) -> object:
        return add_filter(connection, user, name or "", question or "", form.flag("shared"))

    if _carried_out(form, carry_out):
        return redirect(address_of(question or ""), 303)
    return _page(request.form.to_dict(), form.errors, 422)


@blueprint.post("/<int:id>")
def change(id: int) -> ResponseReturnValue:
    """Rename it, or give it to all."""
    form = Form(request.form)
    name = form.text("name", longest=LONGEST_NAME) or ""
    fields: dict[str, Any] = {"name": name}
    if form.has("may_share"):
        fields["shared"] = form.flag("shared")
    if _carried_out(form, lambda connection, user: change_filter(connection, user, id, **fields)):
        return redirect(url_for("saved_filters.show"), 303)
    return _page({"id": id, "renamed": name}, form.errors, 422)


@blueprint.post("/<int:id>/up")
def up(id: int) -> ResponseReturnValue:
    """Put it one place higher."""
    with wired().database.write() as connection:
        raise_filter(connection, asking_user(), id)
    return redirect(url_for("saved_filters.show"), 303)


@blueprint.post("/<int:id>/delete")
def forget(id: int) -> ResponseReturnValue:
    """Delete it."""
    with wired().database.write() as connection:
        delete_filter(connection, asking_user(), id)
    return redirect(url_for("saved_filters.show"), 303)


def shown_filters() -> list[SavedFilter]:
    """Those that the navigation lists."""
    with wired().database.read() as connection:
        return filters_of(connection, asking_user())


def _carried_out(form: Form, command: Callable[[Connection, User], object]) -> bool:
    if form.errors:
        return False
    try:
        with wired().database.write() as connection:
            command(connection, asking_user())
    except InvalidRequest as error:
        form.refused(error)
        return False
    return True


def _page(
    texts: dict[str, Any], errors: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    user = asking_user()
    page = render_template(
        "case_list/filters.html",
        filters=[(one, may_change(user, one)) for one in shown_filters()],
        may_share=may_share(user),
        texts=texts,
        errors=errors or {},
    )
    return page, status

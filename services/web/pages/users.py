"""Users."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.web.access.asking import Origin
from services.web.access.user_access import access_of
from services.web.pages.directory_words import directory_lines
from services.web.pages.entry_form import EntryForm
from services.web.pages.form import Form
from services.web.pages.words import ROLES, SIGHT
from services.web.time_zones import TIME_ZONES
from services.web.translation import gettext
from services.web.users import save_user
from services.web.wiring import wired

blueprint = Blueprint("users", __name__, url_prefix="/users")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All users by name."""
    users = sorted(wired().directory.users(), key=lambda user: user.name.casefold())
    return render_template("users/list.html", users=users)


@blueprint.get("/new")
@blueprint.get("/<int:id>")
def edit(id: int | None = None) -> ResponseReturnValue:
    """The form for a user."""
    if id is None:
        return _form_page(EntryForm(None, {"active": True, "role": "agent", "time_zone": "UTC"}))
    user = wired().directory.user(id)
    return _form_page(EntryForm(id, user.model_dump(), user.version))


@blueprint.post("/new")
@blueprint.post("/<int:id>")
def save(id: int | None = None) -> ResponseReturnValue:
    """Save him, and his password when one is given."""
    form = Form(request.form)
    entry, password = EntryForm(id, _fields(form)), request.form.get("password", "")
    if id is None and not password:
        form.errors["password"] = gettext("A new user needs one to sign in.")

    def carry_out(origin: Origin) -> object:
        who = {"id": id, "version": entry.version}
        return save_user(wired(), origin, entry.values, password or None, **who)

    if entry.save(form, carry_out):
        return redirect(url_for("users.show"), 303)
    return _form_page(entry)


def _fields(form: Form) -> dict[str, Any]:
    first, last = form.day("absent_from"), form.day("absent_until")
    return {
        "login": form.text("login", required=True, longest=100),
        "name": form.text("name", required=True, longest=200),
        "address": form.text("address", longest=320),
        "role": form.choice("role", ROLES) or "agent",
        "sees": form.choice("sees", SIGHT) or "all",
        "language": form.text("language", longest=20) or "en",
        "time_zone": form.choice("time_zone", TIME_ZONES) or "UTC",
        "absent_from": first.isoformat() if first else None,
        "absent_until": last.isoformat() if last else None,
        "stand_in_id": form.number("stand_in_id"),
        "active": form.flag("active"),
    }


def _form_page(entry: EntryForm) -> ResponseReturnValue:
    page = render_template(
        "users/form.html",
        entry=entry,
        users=[user for user in wired().directory.users() if user.id != entry.id],
        roles=ROLES,
        sight=SIGHT,
        zones=sorted(TIME_ZONES),
        history=directory_lines("user", entry.id),
        access=access_of(wired(), wired().directory.user(entry.id)) if entry.id else None,
    )
    return page, entry.status

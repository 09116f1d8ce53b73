"""Mail accounts: where mails come from, and what they go out by."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.errors import InvalidRequest
from services.web.clients.mailgw import Direction
from services.web.pages.form import Form
from services.web.pages.words import PRIORITIES
from services.web.wiring import wired

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")

SECURITIES = {"tls": "TLS", "starttls": "STARTTLS", "none": "None"}


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All accounts, and the mails that could not be read."""
    return _list_page()


@blueprint.get("/<direction>/new")
@blueprint.get("/<direction>/<name>")
def edit(direction: str, name: str | None = None) -> ResponseReturnValue:
    """The form for an account."""
    way = _way(direction)
    values: dict[str, Any] = {"security": "tls", "protocol": "imap", "folder": "INBOX"}
    values["keep_attachments"] = True
    if name is not None:
        accounts = wired().mailgw.incoming() if way == "incoming" else wired().mailgw.outgoing()
        found = next((account for account in accounts if account.name == name), None)
        if found is None:
            abort(404)
        values = found.model_dump()
    return _form_page(way, values)


@blueprint.post("/<direction>")
def save(direction: str) -> ResponseReturnValue:
    """Save an account; it is used once approved."""
    way, form = _way(direction), Form(request.form)
    values = _values(way, form)
    if not form.errors:
        try:
            wired().mailgw.save(way, {k: v for k, v in values.items() if v is not None})
            return redirect(url_for("accounts.show"), 303)
        except InvalidRequest as error:
            form.refused(error)
    values.pop("password", None)
    return _form_page(way, values, form.errors, 422)


@blueprint.post("/<direction>/<name>/approve")
def approve(direction: str, name: str) -> ResponseReturnValue:
    """Begin to use an account."""
    try:
        wired().mailgw.approve(_way(direction), name)
    except InvalidRequest as error:
        return _list_page(outcome={"ok": False, "text": f"{name}: {error.what_to_do}"})
    return redirect(url_for("accounts.show"), 303)


@blueprint.post("/<direction>/<name>/test")
def test(direction: str, name: str) -> ResponseReturnValue:
    """Try to connect, and say how it went."""
    answer = wired().mailgw.test(_way(direction), name)
    text = f"{name}: " + ("the connection works." if answer["ok"] else str(answer["why"]))
    return _list_page(outcome={"ok": bool(answer["ok"]), "text": text})


@blueprint.post("/fetch")
def fetch() -> ResponseReturnValue:
    """Fetch mails now."""
    answer = wired().mailgw.fetch()
    failed = "; ".join(f"{name}: {why}" for name, why in answer["failed"].items())
    text = f"{answer['stored']} new mails." + (f" {failed}" if failed else "")
    return _list_page(outcome={"ok": not failed, "text": text})


def _values(way: Direction, form: Form) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": form.text("id") or "",
        "name": form.text("name", required=True, longest=100),
        "server": form.text("server", longest=255) or "",
        "port": form.number("port", 0, 65535) or 0,
        "security": form.choice("security", SECURITIES) or "tls",
        "login": form.text("login", longest=320) or "",
        "password": request.form.get("password") or None,
        "address": form.text("address", longest=320) or "",
    }
    if values["name"] and "/" in values["name"]:
        form.errors["name"] = "A name without a slash, please."
    if way == "outgoing":
        return values
    return values | {
        "protocol": form.choice("protocol", ("imap", "pipe")) or "imap",
        "folder": form.text("folder", longest=255) or "INBOX",
        "keep_attachments": form.flag("keep_attachments"),
        "new_case": {
            "kind": form.text("kind", longest=50) or "helpdesk",
            "section_id": form.number("section_id"),
            "category_id": form.number("category_id"),
            "priority": form.choice("priority", PRIORITIES) or "normal",
        },
    }


def _list_page(outcome: dict[str, Any] | None = None) -> ResponseReturnValue:
    mailgw, directory = wired().mailgw, wired().directory
    return render_template(
        "accounts/list.html",
        incoming=mailgw.incoming(),
        outgoing=mailgw.outgoing(),
        quarantine=mailgw.quarantine(),
        outcome=outcome,
        section_names={section.id: section.name for section in directory.sections()},
        kind_names={kind.code: kind.name for kind in directory.kinds()},
        securities=SECURITIES,
    )


def _form_page(
    way: Direction, values: dict[str, Any], errors: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    directory = wired().directory
    page = render_template(
        "accounts/form.html",
        way=way,
        values=values,
        new_case=values.get("new_case") or {"kind": "helpdesk", "priority": "normal"},
        errors=errors or {},
        securities=SECURITIES,
        kinds=directory.kinds(),
        sections=directory.sections(),
        categories=directory.categories(),
    )
    return page, status


def _way(text: str) -> Direction:
    match text:
        case "incoming" | "outgoing":
            return text
    abort(404)

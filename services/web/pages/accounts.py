"""Mail accounts: where mails come from, and what they go out by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.errors import InvalidRequest
from services.web.account_warnings import warnings_by_name
from services.web.clients.accounts import Account, Direction, IncomingAccount
from services.web.pages.account_form import (
    BLANK,
    FIELD_WORDS,
    PROTOCOLS,
    SECRETS,
    SECURITIES,
    read_account,
)
from services.web.pages.form import Form
from services.web.pages.refusal_words import refusal_words
from services.web.translation import gettext, ngettext
from services.web.wiring import wired

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All accounts, and the mails that could not be read."""
    return _list_page()


@blueprint.get("/<direction>/new")
@blueprint.get("/<direction>/<name>")
def edit(direction: str, name: str | None = None) -> ResponseReturnValue:
    """The form for an account."""
    way = _way(direction)
    values = BLANK
    if name is not None:
        found = next((account for account in _accounts(way) if account.name == name), None)
        if found is None:
            abort(404)
        values = found.model_dump()
    return _form_page(way, values)


@blueprint.post("/<direction>")
def save(direction: str) -> ResponseReturnValue:
    """Save an account; it is used once approved."""
    way, form = _way(direction), Form(request.form)
    values = read_account(way, form)
    if not form.errors:
        try:
            wired().mailgw.save(way, {k: v for k, v in values.items() if v is not None})
            return redirect(url_for("accounts.show"), 303)
        except InvalidRequest as error:
            form.refused(error)
    # What is kept already is told; what was given now has to be given again.
    shown = {**_saved(way, str(values["id"])), **values}
    return _form_page(way, {k: v for k, v in shown.items() if k not in SECRETS}, form.errors, 422)


@blueprint.post("/<direction>/<name>/approve")
def approve(direction: str, name: str) -> ResponseReturnValue:
    """Begin to use an account."""
    try:
        wired().mailgw.approve(_way(direction), name)
    except InvalidRequest as error:
        return _list_page(outcome=_outcome(False, name, refusal_words(error.what_to_do)))
    return redirect(url_for("accounts.show"), 303)


@blueprint.post("/<direction>/<name>/stop")
def stop(direction: str, name: str) -> ResponseReturnValue:
    """Use an account no longer."""
    wired().mailgw.stop(_way(direction), name)
    return redirect(url_for("accounts.show"), 303)


@blueprint.get("/<direction>/<name>/delete", endpoint="delete")
@blueprint.post("/<direction>/<name>/delete", endpoint="delete")
def delete(direction: str, name: str) -> ResponseReturnValue:
    """Ask first, then delete an account."""
    way = _way(direction)
    if all(account.name != name for account in _accounts(way)):
        abort(404)
    if request.method == "GET":
        return render_template("accounts/delete.html", way=way, name=name)
    try:
        wired().mailgw.delete(way, name)
    except InvalidRequest as error:
        return _list_page(outcome=_outcome(False, name, refusal_words(error.what_to_do)))
    return redirect(url_for("accounts.show"), 303)


@blueprint.post("/<direction>/<name>/test")
def test(direction: str, name: str) -> ResponseReturnValue:
    """Try to connect, and say how it went."""
    answer = wired().mailgw.test(_way(direction), name)
    words = gettext("the connection works.") if answer["ok"] else str(answer["why"])
    return _list_page(outcome=_outcome(bool(answer["ok"]), name, words))


@blueprint.post("/fetch")
def fetch() -> ResponseReturnValue:
    """Fetch mails now."""
    answer = wired().mailgw.fetch(request.form.get("name") or None)
    failed = "; ".join(f"{name}: {why}" for name, why in answer["failed"].items())
    stored = ngettext("%(num)s new mail.", "%(num)s new mails.", answer["stored"])
    return _list_page(outcome={"ok": not failed, "text": f"{stored} {failed}".strip()})


def _outcome(ok: bool, name: str, words: str) -> dict[str, Any]:
    return {"ok": ok, "text": gettext("%(name)s: %(words)s", name=name, words=words)}


def _accounts(way: Direction) -> Sequence[Account]:
    return wired().mailgw.incoming() if way == "incoming" else wired().mailgw.outgoing()


def _saved(way: Direction, account_id: str) -> dict[str, Any]:
    found = next((one for one in _accounts(way) if account_id and one.id == account_id), None)
    return found.model_dump() if found else {}


def _list_page(outcome: dict[str, Any] | None = None) -> ResponseReturnValue:
    mailgw, directory = wired().mailgw, wired().directory
    incoming = mailgw.incoming()
    return render_template(
        "accounts/list.html",
        incoming=incoming,
        warnings=warnings_by_name(wired(), incoming),
        outgoing=mailgw.outgoing(),
        outcome=outcome,
        section_names={section.id: section.name for section in directory.sections()},
        kind_names={kind.code: kind.name for kind in directory.kinds()},
        securities=SECURITIES,
        protocols=PROTOCOLS,
    )


def _form_page(
    way: Direction, values: dict[str, Any], errors: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    directory = wired().directory
    saved = _saved(way, str(values.get("id") or ""))
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
        templates=wired().templates.list_templates(),
        answering=[(one.name, f"{one.name} ({one.address})") for one in wired().mailgw.outgoing()],
        saved_name=saved.get("name"),
        warnings=_warnings_of(saved) if saved and way == "incoming" else {},
        words=FIELD_WORDS,
    )
    return page, status


def _way(text: str) -> Direction:
    match text:
        case "incoming" | "outgoing":
            return text
    abort(404)


def _warnings_of(saved: dict[str, Any]) -> dict[str, list[str]]:
    return warnings_by_name(wired(), [IncomingAccount(**saved)])

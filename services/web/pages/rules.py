"""Rules: what happens by itself, in sentences and in order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.errors import InvalidRequest, StaleVersion
from services.contracts.rules import OrderRules, SaveRule
from services.web.access.asking import command_origin
from services.web.pages.form import Form
from services.web.pages.refusal_words import error_words
from services.web.pages.rule_names import names_for
from services.web.pages.rule_words import sentence
from services.web.wiring import wired

blueprint = Blueprint("rules", __name__, url_prefix="/rules")

LATEST_FIRINGS = 500


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All rules, in the order they are judged in."""
    return _page()


@blueprint.post("/<int:id>/switch")
def switch(id: int) -> ResponseReturnValue:
    """Switch a rule on or off."""
    form = Form(request.form)
    command = SaveRule(
        **command_origin(form.text("idempotency_key")),
        id=id,
        version=form.number("version"),
        fields={"active": form.text("active") == "on"},
    )
    try:
        wired().rules.save(command)
    except (StaleVersion, InvalidRequest) as error:
        return _page(error_words(error), 409)
    return redirect(url_for("rules.show"), 303)


@blueprint.post("/order")
def order() -> ResponseReturnValue:
    """Put the rules into the order in which the form names them, but for one moved by a button."""
    form = Form(request.form)
    ids = form.numbers("id")
    step, _, moved = (form.text("move") or "").partition(":")
    if moved.isdigit() and int(moved) in ids:
        place = ids.index(int(moved))
        ids.remove(int(moved))
        ids.insert(max(0, place + (-1 if step == "up" else 1)), int(moved))
    try:
        if ids:
            wired().rules.order(OrderRules(**command_origin(), ids=tuple(ids)))
    except InvalidRequest as error:
        return _page(error_words(error), 409)
    return redirect(url_for("rules.show"), 303)


def _page(refusal: str = "", status: int = 200) -> ResponseReturnValue:
    rules = sorted(wired().rules.list_rules(), key=lambda rule: (rule.order, rule.id))
    names = names_for(wired(), rules)
    last = _last_fired()
    shown: list[dict[str, Any]] = [
        {"rule": rule, "sentence": sentence(rule, names), "last": last.get(rule.id)}
        for rule in rules
    ]
    return render_template("rules/list.html", rules=shown, refusal=refusal), status


def _last_fired() -> dict[int, datetime]:
    """When each of the rules fired last that are among the latest to fire."""
    firings = wired().rules.firings(limit=LATEST_FIRINGS).items
    return {one.rule_id: one.at for one in reversed(firings) if one.outcome == "fired"}

"""Rules: what happens by itself, in sentences."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.errors import NotFound, StaleVersion
from services.contracts.rules import Rule, SaveRule
from services.web.access.asking import command_origin
from services.web.clients.directory import DirectoryClient
from services.web.pages.form import Form
from services.web.pages.rule_words import Names, action_words, criteria_words, when_words
from services.web.wiring import wired

blueprint = Blueprint("rules", __name__, url_prefix="/rules")


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
    except StaleVersion as error:
        return _page(str(error), 409)
    return redirect(url_for("rules.show"), 303)


def _page(refusal: str = "", status: int = 200) -> ResponseReturnValue:
    rules = sorted(wired().rules.list_rules(), key=lambda rule: (rule.order, rule.id))
    names = _names(wired().directory, rules)
    shown: list[dict[str, Any]] = [
        {
            "rule": rule,
            "when": when_words(rule),
            "criteria": criteria_words(rule.criteria, names),
            "actions": [action_words(action, names) for action in rule.actions],
        }
        for rule in rules
    ]
    return render_template("rules/list.html", rules=shown, refusal=refusal), status


def _names(directory: DirectoryClient, rules: list[Rule]) -> Names:
    partners = {rule.criteria.partner_id for rule in rules} - {None}
    return Names(
        sections={one.id: one.name for one in directory.sections()},
        users={one.id: one.name for one in directory.users()},
        categories={one.id: one.path for one in directory.categories()},
        partner_categories={one.id: one.path for one in directory.partner_categories()},
        kinds={one.code: one.name for one in directory.kinds()},
        partners={id: _partner_name(directory, id) for id in partners if id is not None},
    )


def _partner_name(directory: DirectoryClient, id: int) -> str:
    try:
        return directory.partner(id).name
    except NotFound:
        return f"number {id}"

"""The form of a rule: built up step by step, checked, tried and saved."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from services.contracts.rules import Rule, SaveRule
from services.runtime.identity import new_id
from services.web.access.asking import Origin, command_origin
from services.web.pages import action_form, rule_form
from services.web.pages.entry_form import EntryForm
from services.web.pages.entry_history import EntryLine
from services.web.pages.error_places import placed
from services.web.pages.form import Form
from services.web.pages.rule_choices import choices
from services.web.pages.rule_history import rule_history
from services.web.pages.rule_names import names_for
from services.web.pages.rule_trial import Trial, try_fields
from services.web.pages.rule_words import sentence
from services.web.pages.template_preview import Preview, preview_of
from services.web.translation import gettext
from services.web.wiring import wired

blueprint = Blueprint("rule_form", __name__, url_prefix="/rules")

Given = MultiDict[str, str]
NEW = Rule(id=0, name="new")
DEFAULT_DAYS = 30


@dataclass
class RulePage:
    """Everything on the page beside the fields themselves.

    `waiting` is what the service said saving would come to, `checked` for which fields it said
    so; `since` what others changed meanwhile.
    """

    entry: EntryForm
    given: Given
    waiting: dict[str, Any] | None = None
    checked: str = ""
    trial: Trial | None = None
    preview: tuple[str, Preview] | None = None
    since: list[EntryLine] = field(default_factory=list)
    problem: str = ""


@blueprint.get("/new")
@blueprint.get("/<int:id>/edit")
def edit(id: int | None = None) -> ResponseReturnValue:
    """The form for a rule; `copy` names the one to begin with."""
    directory = wired().directory
    if id is not None:
        rule = wired().rules.get(id)
        entry = EntryForm(id, {"name": rule.name}, rule.version)
        return _show(RulePage(entry, rule_form.given_of(rule, directory), problem=rule.problem))
    copied = request.args.get("copy", type=int)
    rule = wired().rules.get(copied) if copied else NEW
    given = rule_form.given_of(rule, directory)
    given["name"] = gettext("%(name)s (copy)", name=rule.name) if copied else ""
    return _show(RulePage(EntryForm(None, {}), given))


@blueprint.post("/new")
@blueprint.post("/<int:id>/edit")
def save(id: int | None = None) -> ResponseReturnValue:
    """Save the rule, or do what another button of the form says."""
    given = action_form.rearranged(request.form, action_form.keys(request.form))
    step, _, what = request.form.get("do", "save").partition(":")
    version = Form(given).number("version")
    page = RulePage(EntryForm(id, {"name": request.form.get("title", "")}, version), given)
    if step == "save":
        return _save(page)
    if step == "try":
        return _try(page)
    page.given = _stepped(given, step, what)
    if step == "preview":
        page.preview = (what, preview_of(Form(given), f"actions.{what}."))
    return _show(page)


@blueprint.post("/sentence")
def read_back() -> ResponseReturnValue:
    """The sentence alone, while somebody fills the form in."""
    given = action_form.rearranged(request.form, action_form.keys(request.form))
    return render_template("rules/read_back.html", sentence=_sentence(given))


def _stepped(given: Given, step: str, what: str) -> Given:
    """The form with an action added, removed or moved."""
    order = action_form.keys(given)
    if step == "add":
        do = given.get("add", "")
        known = do in action_form.MODELS and len(order) < action_form.MOST_ACTIONS
        return action_form.with_action(given, do) if known else given
    if what not in order:
        return given
    place = order.index(what)
    order.remove(what)
    if step in ("up", "down"):
        order.insert(max(0, place + (-1 if step == "up" else 1)), what)
    return given if step == "preview" else action_form.rearranged(given, order)


def _save(page: RulePage) -> ResponseReturnValue:
    form, entry, rules = Form(page.given), page.entry, wired().rules
    before = rules.get(entry.id) if entry.id is not None else None
    fields = rule_form.read_fields(form, wired().directory, before)
    held = entry.version or 0
    page.checked = _digest(fields)

    def carry_out(origin: Origin) -> object:
        if page.given.get("checked") != page.checked and fields["active"]:
            page.waiting = _check(entry, fields)
        if page.waiting is None:
            entry.values["saved"] = rules.save(_command(origin, entry, fields, page.given))
        return None

    if entry.save(form, carry_out) and page.waiting is None:
        saved = entry.values["saved"]["rule"]["id"]
        return redirect(url_for("rule.show", id=saved), 303)
    if entry.refusal and entry.id is not None:
        later = [one for one in rules.history(entry.id) if one.version > held]
        page.since = rule_history(later, names_for(wired(), [before] if before else []))
    return _show(page)


def _check(entry: EntryForm, fields: dict[str, Any]) -> dict[str, Any] | None:
    """What saving a timed rule would come to; None when it concerns no case yet."""
    if fields["trigger"]["date"] == "none":
        return None
    origin = command_origin(new_id())  # the form's own key is for the saving itself
    command = SaveRule(**origin, id=entry.id, version=entry.version, fields=fields, check_only=True)
    answer = wired().rules.save(command)
    return answer if answer["armed"] or answer["overdue"] else None


def _command(origin: Origin, entry: EntryForm, fields: dict[str, Any], given: Given) -> SaveRule:
    overdue = given.get("fire_overdue") == "yes"
    return SaveRule(
        **origin, id=entry.id, version=entry.version, fields=fields, fire_overdue=overdue
    )


def _try(page: RulePage) -> ResponseReturnValue:
    form = Form(page.given)
    fields = rule_form.read_fields(form, wired().directory)
    days = form.number("try_days", 1, 365) or DEFAULT_DAYS
    if not form.errors:
        page.trial = try_fields(page.entry.id, fields, days, form)
    page.entry.errors = form.errors
    return _show(page)


def _sentence(given: Given) -> Any:
    fields = rule_form.read_fields(Form(given), wired().directory)
    rule = rule_form.drafted_rule(fields)
    return sentence(rule, names_for(wired(), [rule]))


def _digest(fields: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def _show(page: RulePage) -> ResponseReturnValue:
    entry, given = page.entry, page.given
    actions = [
        {"at": f"actions.{key}.", "key": key, "do": given.get(f"actions.{key}.do", "")}
        for key in action_form.keys(given)
    ]
    errors, elsewhere = placed(entry.errors, actions)
    answer = render_template(
        "rules/form.html",
        page=page,
        entry=entry,
        v=given,
        actions=actions,
        errors=errors,
        elsewhere=elsewhere,
        wrong_tab="actions" if any(name.startswith("actions") for name in errors) else "",
        sentence=_sentence(given),
        offer=choices(wired(), given),
    )
    return answer, entry.status

"""The page of one rule: what it says, what it has done, and what it would do."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.errors import StaleVersion
from services.web.access.asking import asking_user
from services.web.pages.form import Form
from services.web.pages.refusal_words import error_words
from services.web.pages.rule_history import rule_history
from services.web.pages.rule_names import names_for
from services.web.pages.rule_trial import try_fields
from services.web.pages.rule_words import sentence
from services.web.pages.words import EVENTS
from services.web.wiring import wired

blueprint = Blueprint("rule", __name__, url_prefix="/rules")

PERIODS = (7, 30, 90)
MOST_FIRINGS = 50
MOST_FAILURES = 20


@blueprint.get("/<int:id>")
def show(id: int) -> ResponseReturnValue:
    """What it says, has done in the last days, where it failed, and who changed it."""
    rules = wired().rules
    rule = rules.get(id)
    asked = request.args.get("days", type=int)
    days = asked if asked in PERIODS else 30
    before = Form(request.args).text("before", longest=64)
    names = names_for(wired(), [rule])
    return render_template(
        "rules/rule.html",
        rule=rule,
        sentence=sentence(rule, names),
        events=EVENTS,
        days=days,
        periods=PERIODS,
        summary=rules.summary(id, days),
        firings=rules.firings(id, limit=MOST_FIRINGS, before=before),
        before=before,
        failures=rules.failures(id, MOST_FAILURES),
        history=rule_history(rules.history(id), names),
    )


@blueprint.get("/<int:id>/try")
def rehearse(id: int) -> ResponseReturnValue:
    """What it would have done in the last days; nothing is done."""
    rule = wired().rules.get(id)
    form = Form(request.args)
    days = form.number("try_days", 1, 365)
    trial = try_fields(id, {}, days, form) if days and not form.errors else None
    page = render_template(
        "rules/try.html",
        rule=rule,
        sentence=sentence(rule, names_for(wired(), [rule])),
        trial=trial,
        errors=form.errors,
        days=days or 30,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/<int:id>/delete")
def ask(id: int) -> ResponseReturnValue:
    """Whether it is really to be deleted."""
    return _ask_page(id)


@blueprint.post("/<int:id>/delete")
def delete(id: int) -> ResponseReturnValue:
    """Delete it."""
    version = Form(request.form).number("version") or 0
    try:
        wired().rules.delete(id, version, asking_user().id)
    except StaleVersion as error:
        return _ask_page(id, error_words(error), 409)
    return redirect(url_for("rules.show"), 303)


def _ask_page(id: int, refusal: str = "", status: int = 200) -> ResponseReturnValue:
    rule = wired().rules.get(id)
    page = render_template(
        "rules/delete.html",
        rule=rule,
        sentence=sentence(rule, names_for(wired(), [rule])),
        refusal=refusal,
    )
    return page, status

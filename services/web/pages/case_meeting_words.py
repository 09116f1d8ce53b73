"""What a series reads like while it is being set in a form (C1)."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from services.web.access.asking import asking_user
from services.web.pages.form import Form
from services.web.pages.moments import zone_of
from services.web.pages.recurrence import MODES, UnfitStart, rule_of, sentence
from services.web.pages.time_fields import check_series
from services.web.time_zones import TIME_ZONES
from services.web.translation import gettext

blueprint = Blueprint("case_meeting_words", __name__, url_prefix="/meeting-words")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """A sentence, or what is still missing."""
    return str(escape(_words(Form(request.args))))


def _words(form: Form) -> str:
    if form.text("repeats") not in MODES:
        return ""
    zone_name = form.choice("time_zone", TIME_ZONES) or asking_user().time_zone
    if form.flag("all_day"):
        zone_name = "UTC"
    reader = UTC if form.flag("all_day") else zone_of(asking_user().time_zone)
    start = form.moment("start", reader)
    check_series(form)
    if form.errors:
        return next(iter(form.errors.values()))
    if start is None:
        return gettext("Give the start of the first one.")
    texts = {name: text for name, text in form.given.items() if text.strip()}
    try:
        rule = rule_of(texts, start, zone_name)
    except UnfitStart as error:
        return str(error)
    first = start.astimezone(ZoneInfo(zone_name))
    return f"{sentence(rule, first, zone_name)}."

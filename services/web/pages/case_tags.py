"""Tags as people write them, with those used already to choose from."""

from __future__ import annotations

from itertools import islice

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from services.web.pages.form import Form
from services.web.translation import gettext
from services.web.wiring import wired

blueprint = Blueprint("case_tags", __name__, url_prefix="/tags")

LONGEST_TAG = 50
SUGGESTIONS = 20


@blueprint.get("")
def suggest() -> ResponseReturnValue:
    """Tags that begin with what is being typed; several stand with commas between."""
    form = Form(request.args)
    field = next((name for name in ("tags", "tag", "add_tags") if form.has(name)), "tags")
    written = form.text(field, longest=2000) or ""
    before, comma, last = written.rpartition(",")
    begun = before.rstrip() + comma + " " if comma else ""
    used = {one.strip().casefold() for one in before.split(",")}
    names = (one.tag for one in wired().cases.tags())
    fitting = (
        name
        for name in names
        if name.casefold().startswith(last.strip().casefold()) and name.casefold() not in used
    )
    values = [begun + name for name in islice(fitting, SUGGESTIONS)]
    return render_template("case_list/tags.html", values=values)


def tags_in(form: Form, name: str) -> tuple[str, ...]:
    """The tags of a field, each once; what is too long is noted as an error."""
    found: dict[str, str] = {}
    for part in (form.text(name, longest=5000) or "").replace("\n", ",").split(","):
        tag = " ".join(part.split())
        if len(tag) > LONGEST_TAG:
            form.errors[name] = gettext(
                "A tag has at most %(number)s characters.", number=LONGEST_TAG
            )
        elif tag:
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())

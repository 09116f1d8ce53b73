"""What the answer box of a case asks for while somebody writes: answers, people, files."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from services.contracts.directory import PartnerContact, PreviewTemplate
from services.contracts.errors import InvalidRequest, NotFound
from services.web.pages.form import Form
from services.web.pages.refusal_words import refusal_words
from services.web.translation import gettext
from services.web.uploads import keep_files
from services.web.wiring import wired

blueprint = Blueprint("case_answer", __name__)

SUGGESTIONS = 20


@blueprint.get("/cases/<int:number>/answers")
def choose(number: int) -> ResponseReturnValue:
    """The predefined answers; each leads to the case with the answer written."""
    written = Form(request.args).text("q", longest=200) or ""
    found = [one for one in wired().templates.list_templates() if one.active]
    if written:
        found = [one for one in found if written.casefold() in f"{one.name} {one.text}".casefold()]
    return render_template("case/answers.html", number=number, q=written, templates=found)


@blueprint.get("/cases/<int:number>/answers/<int:id>")
def fill_in(number: int, id: int) -> ResponseReturnValue:
    """The text of one, filled in with what the case holds: `{"text"}`, or `{"problem"}`."""
    try:
        return jsonify(text=filled_in(number, id))
    except InvalidRequest as error:
        why = refusal_words(error.what_to_do)
        problem = gettext("This answer cannot be filled in: %(why)s.", why=why)
        return jsonify(problem=problem), 422


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    """Contacts of a partner and people of ours to choose from while somebody types a name."""
    form = Form(request.args)
    written = (form.text("add_cc", longest=300) or "").casefold()
    partner = form.number("partner")
    found = [_named(one.name, one.address) for one in _contacts(partner)]
    users = wired().directory.users()
    found += [_named(user.name, user.address) for user in users if user.active and user.address]
    fitting = [one for one in found if written in one.casefold()]
    return render_template("case_list/tags.html", values=fitting[:SUGGESTIONS])


@blueprint.post("/cases/<int:number>/files")
def upload(number: int) -> ResponseReturnValue:
    """Keep files for an answer that is still being written; the box sends `kept` with it."""
    wired().cases.get(number)  # raises NotFound for a case that he may not see
    try:
        kept = keep_files(wired().files, request.files.getlist("files"))
    except InvalidRequest as error:
        return jsonify(problem=f"{refusal_words(error.what_to_do)}."), 422
    return jsonify(
        files=[
            {"name": one.filename, "size": one.size_bytes, "kept": one.model_dump_json()}
            for one in kept
        ]
    )


def filled_in(number: int, template_id: int) -> str:
    """The text of a predefined answer on a case. Raises NotFound, InvalidRequest."""
    template = wired().templates.get(template_id)
    question = PreviewTemplate(number=number, subject=template.subject, text=template.text)
    return wired().templates.preview(question).text


def _contacts(partner_id: int | None) -> tuple[PartnerContact, ...]:
    if partner_id is None:
        return ()
    try:
        return wired().directory.partner(partner_id).contacts
    except NotFound:
        return ()


def _named(name: str, address: str) -> str:
    return f"{name} <{address}>" if name else address

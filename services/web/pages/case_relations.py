"""Cases and one another: merging, splitting a message off, links."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.case_commands import (
    CaseView,
    LinkCases,
    MergeCase,
    SplitCase,
    UnlinkCases,
)
from services.contracts.errors import IllegalMove, InvalidRequest, NotFound, StaleVersion
from services.runtime.identity import new_id
from services.web.access.asking import command_origin
from services.web.pages.case_page import back_to, case_page
from services.web.pages.form import Form
from services.web.pages.refusal_words import error_words, refusal_words
from services.web.pages.words import RELATIONS
from services.web.translation import gettext
from services.web.wiring import wired

blueprint = Blueprint("case_relations", __name__, url_prefix="/cases/<int:number>")


@blueprint.get("/merge")
def ask_merge(number: int) -> ResponseReturnValue:
    """The number of the case it goes into; once that is given, what would happen."""
    return _merge_page(wired().cases.get(number), Form(request.args))


@blueprint.post("/merge")
def merge(number: int) -> ResponseReturnValue:
    """Merge it, and go to the case that stays."""
    form = Form(request.form)
    into, version = form.case_number("into"), form.number("version", low=1)
    if version is None:
        abort(400)
    if not form.errors:
        asked = {"number": number, "version": version, "into": into}
        asked["into_version"] = form.number("into_version", low=1)
        origin = dict(command_origin(form.text("idempotency_key")))
        try:
            stays = wired().cases.merge(MergeCase.model_validate(origin | asked))
            return back_to(stays.number)
        except InvalidRequest as error:
            form.errors["into"] = refusal_words(error.what_to_do)
        except NotFound as error:
            form.errors["into"] = f"{error_words(error)}."
        except (StaleVersion, IllegalMove) as error:
            form.errors["into"] = gettext(
                "%(problem)s. Look at both once more, then confirm.", problem=error_words(error)
            )
    return _merge_page(wired().cases.get(number), form, 422)


@blueprint.get("/messages/<int:message>/split")
def ask_split(number: int, message: int) -> ResponseReturnValue:
    """The subject of the case that a message becomes."""
    return _split_page(wired().cases.get(number), message, Form(request.args))


@blueprint.post("/messages/<int:message>/split")
def split(number: int, message: int) -> ResponseReturnValue:
    """Make a case of a message, and go there."""
    form = Form(request.form)
    version = form.number("version", low=1)
    if version is None:
        abort(400)
    subject = form.text("subject", required=True, longest=500)
    if not form.errors:
        origin = command_origin(form.text("idempotency_key"))
        asked = {"number": number, "version": version, "message_number": message}
        try:
            command = SplitCase.model_validate({**origin, **asked, "subject": subject})
            return back_to(wired().cases.split(command).number)
        except InvalidRequest as error:
            form.errors["subject"] = refusal_words(error.what_to_do)
        except (StaleVersion, IllegalMove) as error:
            form.errors["subject"] = f"{error_words(error)}."
    return _split_page(wired().cases.get(number), message, form, 422)


@blueprint.post("/links")
def link(number: int) -> ResponseReturnValue:
    """Link it with another case."""
    form = Form(request.form)
    other = form.case_number("other")
    relation = form.choice("relation", RELATIONS) or "related"
    if not form.errors:
        origin = command_origin(form.text("idempotency_key"))
        asked: dict[str, Any] = {"number": number, "other": other, "relation": relation}
        try:
            wired().cases.link(LinkCases.model_validate({**origin, **asked}))
            return back_to(number, "links")
        except NotFound as error:
            form.errors["other"] = f"{error_words(error)}."
        except InvalidRequest as error:
            form.refused(error)
    case = wired().cases.get(number)
    return case_page(case, 422, link=request.form, link_errors=form.errors)


@blueprint.post("/links/<int:other>/remove")
def unlink(number: int, other: int) -> ResponseReturnValue:
    """Take the links between two cases away."""
    origin = command_origin(request.form.get("idempotency_key"))
    try:
        wired().cases.unlink(UnlinkCases(**origin, number=number, other=other))
    except InvalidRequest as error:
        return case_page(wired().cases.get(number), 409, refusal=refusal_words(error.what_to_do))
    return back_to(number, "links")


def _merge_page(case: CaseView, form: Form, status: int = 200) -> ResponseReturnValue:
    if case.merged_into is not None:
        return redirect(url_for("case.show", number=case.number), 303)
    written, other = Form(form.given), None
    into = written.case_number("into") if form.text("into") else None
    form.errors = written.errors | form.errors
    if into == case.number:
        form.errors.setdefault("into", gettext("That is this case; give another."))
    elif into is not None:
        try:
            other = wired().cases.get(into)
        except NotFound:
            form.errors.setdefault("into", gettext("There is no case %(number)s.", number=into))
    if other is not None and other.merged_into is not None:
        told = gettext("It was itself merged into %(number)s.", number=other.merged_into)
        form.errors.setdefault("into", told)
    page = render_template(
        "case/merge.html",
        case=case,
        other=other,
        into=form.given.get("into", ""),
        error=form.errors.get("into", ""),
        key=new_id(),
    )
    return page, status


def _split_page(case: CaseView, message: int, form: Form, status: int = 200) -> ResponseReturnValue:
    entry = next((one for one in case.messages if one.number == message), None)
    if entry is None:
        raise NotFound("message", f"{message} of case {case.number}")
    page = render_template(
        "case/split.html",
        case=case,
        entry=entry,
        subject=form.given.get("subject", entry.subject or case.subject),
        error=form.errors.get("subject", ""),
        key=new_id(),
    )
    return page, status

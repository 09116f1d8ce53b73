"""One case: its discussion, its fields and its history."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.errors import InvalidRequest, NotFound
from services.web.access.asking import asking_user
from services.web.attachments import PICTURES, download, look
from services.web.headers import policy
from services.web.pages.case_answer import filled_in
from services.web.pages.case_form import texts_of
from services.web.pages.case_page import back_to, case_page
from services.web.pages.form import Form
from services.web.pages.mail_html import harmless
from services.web.wiring import wired

blueprint = Blueprint("case", __name__, url_prefix="/cases/<int:number>")


@blueprint.get("")
def show(number: int) -> ResponseReturnValue:
    """The case; with `answer` that predefined answer stands in its box."""
    case, answer = wired().cases.get(number), Form(request.args).number("answer", low=1)
    if answer is None:
        return case_page(case)
    try:
        return case_page(case, draft={"text": filled_in(number, answer)})
    except InvalidRequest as error:
        return case_page(case, 422, errors={"text": f"{error.what_to_do}."})


@blueprint.get("/edit")
def edit(number: int) -> ResponseReturnValue:
    """The case with its fields open for changes."""
    case = wired().cases.get(number)
    return case_page(case, editing=True, texts=texts_of(case, asking_user().time_zone))


@blueprint.get("/messages")
@blueprint.get("/state")
@blueprint.get("/escalate")
@blueprint.get("/links")
def again(number: int) -> ResponseReturnValue:
    """The case, for who loads a page anew that stands where something was sent to."""
    return back_to(number)


@blueprint.get("/messages/<int:message>/formatted")
def formatted(number: int, message: int) -> ResponseReturnValue:
    """A mail's HTML, made harmless; with its pictures from elsewhere only where asked for."""
    case = wired().cases.get(number)
    entry = next((one for one in case.messages if one.number == message), None)
    if entry is None or entry.html is None:
        raise NotFound("formatted message", f"{message} of case {number}")
    pictures = {
        str(attachment.get("content_id", "")).strip("<>"): index
        for index, attachment in enumerate(entry.attachments)
        if attachment.get("content_id") and attachment.get("content_type") in PICTURES
    }

    def address(content_id: str) -> str | None:
        index = pictures.get(content_id)
        if index is None:
            return None
        return url_for("case.attachment", number=number, message=message, index=index)

    asked_for = request.args.get("pictures") == "elsewhere"
    shown = harmless(entry.html, address, from_elsewhere=asked_for)
    page = make_response(
        render_template("case/formatted.html", case=case, entry=entry, shown=shown)
    )
    if asked_for:
        page.headers["Content-Security-Policy"] = policy(pictures="'self' data: https: http:")
    return page


@blueprint.get("/messages/<int:message>/attachments/<int:index>")
def attachment(number: int, message: int, index: int) -> Response:
    """An attachment, as a download."""
    return download(wired(), number, message, index)


@blueprint.get("/messages/<int:message>/attachments/<int:index>/look")
def look_at(number: int, message: int, index: int) -> Response:
    """An attachment in the browser, where it is of a kind that is safe there; else a download."""
    return look(wired(), number, message, index)

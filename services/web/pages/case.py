"""One case: its discussion, its fields and its history."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.errors import NotFound
from services.web.access.asking import asking_user
from services.web.attachments import PICTURES, download
from services.web.headers import policy
from services.web.pages.case_form import texts_of
from services.web.pages.case_page import case_page
from services.web.pages.mail_html import harmless
from services.web.wiring import wired

blueprint = Blueprint("case", __name__, url_prefix="/cases/<int:number>")


@blueprint.get("")
def show(number: int) -> ResponseReturnValue:
    """The case."""
    return case_page(wired().cases.get(number))


@blueprint.get("/edit")
def edit(number: int) -> ResponseReturnValue:
    """The case with its fields open for changes."""
    case = wired().cases.get(number)
    return case_page(case, editing=True, texts=texts_of(case, asking_user().time_zone))


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

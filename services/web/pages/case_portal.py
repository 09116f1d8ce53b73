"""Ending the links by which a case's contact reaches it in the partners' portal."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from services.contracts.errors import InvalidRequest
from services.contracts.portal import EndPortalLinks
from services.web.access.asking import command_origin
from services.web.pages.case_page import back_to, case_page
from services.web.pages.form import Form
from services.web.wiring import wired

blueprint = Blueprint("case_portal", __name__, url_prefix="/cases/<int:number>/portal-links")


@blueprint.post("/end")
def end(number: int) -> ResponseReturnValue:
    """End those given out so far; the next mail to the contact brings a new one."""
    origin = command_origin(Form(request.form).text("idempotency_key"))
    try:
        wired().cases.end_portal_links(EndPortalLinks(**origin, number=number))
    except InvalidRequest as error:
        return case_page(wired().cases.get(number), 409, refusal=error.what_to_do)
    return back_to(number, "history")

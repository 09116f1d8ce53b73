"""The outgoing queue: mails that wait, mails given up, and what an operator does with them."""

from __future__ import annotations

from typing import Literal, cast
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.errors import InvalidRequest
from services.contracts.mail_lists import OutgoingAct, OutgoingQuestion
from services.web.access.asking import asking_actor
from services.web.pages.form import Form
from services.web.pages.mail_words import ACTED
from services.web.pages.refusal_words import refusal_words
from services.web.pages.word_table import Words
from services.web.translation import pgettext_noop
from services.web.wiring import wired

blueprint = Blueprint("outgoing_mails", __name__, url_prefix="/outgoing-mails")

WHICH = Words(
    {
        "waiting": pgettext_noop("a mail", "Waiting"),
        "failed": pgettext_noop("mails", "Given up"),
    }
)
OPEN_ACTS = ("again", "give_up")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Mails that wait, or those given up."""
    return _list_page()


@blueprint.post("/<uuid:mail_id>/acts")
def act(mail_id: UUID) -> ResponseReturnValue:
    """Try it again at once, or give it up."""
    chosen = Form(request.form).choice("act", OPEN_ACTS)
    try:
        if chosen is None:
            raise InvalidRequest("act", "choose one of the buttons")
        wired().mailgw.mails.act_on_outgoing(
            str(mail_id), cast(OutgoingAct, chosen), asking_actor()
        )
    except InvalidRequest as error:
        return _list_page(refusal_words(error.what_to_do), 409)
    return redirect(url_for("outgoing_mails.show", status=request.args.get("status")), 303)


def _list_page(refusal: str = "", status: int = 200) -> ResponseReturnValue:
    form = Form(request.args)
    which = form.choice("status", WHICH) or "waiting"
    cursor = form.text("cursor", longest=100)
    question = OutgoingQuestion(
        status=cast(Literal["waiting", "failed"], which), cursor=(cursor or "")[:100] or None
    )
    page = wired().mailgw.mails.outgoing(question)
    shown = render_template(
        "mails/outgoing.html",
        page=page,
        which=which,
        choices=WHICH,
        refusal=refusal,
        acted=ACTED,
        next_page=url_for("outgoing_mails.show", status=which, cursor=page.next)
        if page.next
        else None,
        first_page=url_for("outgoing_mails.show", status=which) if cursor else None,
    )
    return shown, status

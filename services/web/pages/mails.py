"""Mails that came in: the list, one with its walk, and what an operator does with it."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.errors import InvalidRequest, NotFound
from services.contracts.mail_lists import MailAct, MailLine, MailQuestion, MailStatus
from services.web.access.asking import asking_actor
from services.web.clients.page import Page
from services.web.mail_download import mail_download
from services.web.pages.form import Form
from services.web.pages.mail_words import (
    ACTED,
    ACTS,
    FILINGS,
    IDLE_OUTCOMES,
    QUESTIONS,
    STATUSES,
    filter_name,
    outcome_words,
)
from services.web.pages.refusal_words import refusal_words
from services.web.wiring import wired

blueprint = Blueprint("mails", __name__, url_prefix="/mails")

WORDS: dict[str, Any] = {"statuses": STATUSES, "filings": FILINGS, "acts": ACTS, "acted": ACTED}


@blueprint.get("")
def show() -> ResponseReturnValue:
    """A page of the mails asked for."""
    form = Form(request.args)
    question = _question(form)
    page: Page[MailLine] = Page([])
    if not form.errors:
        try:
            page = wired().mailgw.mails.list_mails(question)
        except InvalidRequest as error:
            form.refused(error)
    return render_template(
        "mails/list.html",
        page=page,
        question=question,
        errors=form.errors,
        accounts=_accounts(question.account),
        is_asked=bool(question.q or question.account or question.status or question.case_number),
        next_page=_address(cursor=page.next) if page.next else None,
        first_page=_address(cursor=None) if question.cursor else None,
        **WORDS,
    )


@blueprint.get("/filters")
def filters() -> ResponseReturnValue:
    """The filters of the pipeline, in their order."""
    found = wired().mailgw.mails.filters()
    return render_template(
        "mails/filters.html", filters=found, filter_name=filter_name, questions=QUESTIONS
    )


@blueprint.get("/<uuid:mail_id>")
def one(mail_id: UUID) -> ResponseReturnValue:
    """A mail with its walk."""
    return _mail_page(str(mail_id))


@blueprint.get("/<uuid:mail_id>/source")
def source(mail_id: UUID) -> ResponseReturnValue:
    """The beginning of a mail as it came, as text."""
    mails = wired().mailgw.mails
    mail, text = mails.get(str(mail_id)), mails.source(str(mail_id))
    return render_template("mails/source.html", mail=mail, source=text)


@blueprint.get("/<uuid:mail_id>/download")
def download(mail_id: UUID) -> Response:
    """A mail as it came, as a file."""
    return mail_download(str(mail_id))


@blueprint.post("/<uuid:mail_id>/acts")
def act(mail_id: UUID) -> ResponseReturnValue:
    """Have it tried again, let in, or made a case of."""
    form = Form(request.form)
    chosen = form.choice("act", ACTS)
    try:
        if chosen is None:
            raise InvalidRequest("act", "choose one of the buttons")
        wired().mailgw.mails.act(str(mail_id), cast(MailAct, chosen), asking_actor())
    except InvalidRequest as error:
        return _mail_page(str(mail_id), refusal_words(error.what_to_do), 409)
    return redirect(url_for("mails.one", mail_id=mail_id), 303)


@blueprint.get("/of/<int:number>/<int:entry>")
def of_entry(number: int, entry: int) -> ResponseReturnValue:
    """To the mail by which an entry of a case's discussion came."""
    mail = wired().mailgw.mails.of_entry(number, entry)
    if mail is None:
        raise NotFound("mail kept", f"of entry {entry} on case {number}")
    return redirect(url_for("mails.one", mail_id=mail.id), 303)


def _mail_page(mail_id: str, refusal: str = "", status: int = 200) -> ResponseReturnValue:
    mail = wired().mailgw.mails.get(mail_id)
    page = render_template(
        "mails/mail.html",
        mail=mail,
        refusal=refusal,
        filter_name=filter_name,
        outcome_words=outcome_words,
        idle_outcomes=IDLE_OUTCOMES,
        **WORDS,
    )
    return page, status


def _question(form: Form) -> MailQuestion:
    case = form.case_number("case_number") if form.text("case_number") else None
    return MailQuestion(
        q=(form.text("q", longest=200) or "")[:200],
        account=(form.text("account", longest=100) or "")[:100],
        status=cast(MailStatus | None, form.choice("status", STATUSES)),
        case_number=case,
        cursor=(form.text("cursor", longest=36) or "")[:36] or None,
    )


def _accounts(chosen: str) -> list[str]:
    """The names to choose from: mails come by pipe under any name, that needs no account."""
    names = {one.name for one in wired().mailgw.incoming()} | {"pipe", chosen}
    return sorted(names - {""})


def _address(**changed: Any) -> str:
    """This list with something changed in its question."""
    kept = {name: value for name, value in request.args.items() if value}
    return url_for("mails.show", **{**kept, **changed})

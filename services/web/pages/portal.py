"""The partners' portal: a contact follows, answers and closes his case by the link in a mail.

The token in the address is all that says who asks: no cookie, no session, so nothing that
another site could ride on. GET changes nothing, for mail programs follow links by themselves.
"""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from structlog import get_logger
from werkzeug.exceptions import HTTPException

from services.contracts.errors import IllegalMove, InvalidRequest, NotFound, ServiceAway
from services.contracts.portal import (
    LONGEST_TEXT,
    AnswerByPortal,
    AskForCases,
    CloseByPortal,
    PortalCase,
    PortalView,
)
from services.runtime.file_store import FileStoreError
from services.runtime.identity import new_id
from services.web.access.limits import (
    limit_answers_by_link,
    limit_lists_by_link,
    limit_wrong_links,
)
from services.web.attachments import as_download
from services.web.catalogues import LANGUAGES
from services.web.pages.form import Form
from services.web.pages.portal_words import (
    ANSWER_FAULTS,
    FAULT_TITLES,
    FAULTS,
    STATES,
    in_language_of,
    portal_day,
    portal_moment,
)
from services.web.translation import ENGLISH
from services.web.uploads import keep_files
from services.web.wiring import wired

blueprint = Blueprint("portal", __name__, url_prefix="/portal/<token>")
log = get_logger()


@blueprint.get("")
@limit_wrong_links
def show(token: str) -> ResponseReturnValue:
    """The case, or the list of cases, that the link opens."""
    return _page(token, wired().portal.view(token))


@blueprint.post("/answer")
@limit_wrong_links
@limit_answers_by_link
def answer(token: str) -> ResponseReturnValue:
    """Write on the case, with files: it stands there as an answer by mail would."""
    view = wired().portal.view(token)  # before a single file of a stranger's is kept
    _case_of(view)
    form = Form(request.form)
    text = form.text("text") or ""
    fault = "needed" if not text else "too_long" if len(text) > LONGEST_TEXT else ""
    try:
        files = () if fault else keep_files(wired().files, request.files.getlist("files"))
    except InvalidRequest:
        fault = "too_large"
    if fault:
        return _page(token, view, 422, fault=fault, text=text)
    command = AnswerByPortal(idempotency_key=_key(form), token=token, text=text, attachments=files)
    return _back(wired().portal.answer(command), "latest")


@blueprint.post("/close")
@limit_wrong_links
@limit_answers_by_link
def close(token: str) -> ResponseReturnValue:
    """Close the case; one that cannot be closed any more just shows how it stands."""
    command = CloseByPortal(idempotency_key=_key(Form(request.form)), token=token)
    try:
        return _back(wired().portal.close(command))
    except IllegalMove:
        return _back(token)


@blueprint.post("/cases")
@limit_wrong_links
@limit_lists_by_link
def ask(token: str) -> ResponseReturnValue:
    """Mail the contact a link to all his cases: to his address, whoever asks."""
    command = AskForCases(idempotency_key=_key(Form(request.form)), token=token)
    wired().portal.ask_for_cases(command)
    return redirect(url_for(".show", token=token, asked="yes"), 303)


@blueprint.get("/files/<int:entry>/<int:index>")
@limit_wrong_links
def file(token: str, entry: int, index: int) -> ResponseReturnValue:
    """An attachment of what the page shows, as a download; both are counted from 0."""
    entries = _case_of(wired().portal.view(token)).entries
    if entry >= len(entries) or index >= len(entries[entry].attachments):
        raise NotFound("attachment", f"{index} of mail {entry}")
    return as_download(wired(), entries[entry].attachments[index].model_dump())


@blueprint.after_request
def keep_to_itself(response: Response) -> Response:
    """The address is a secret: no other site hears of it, and none lists it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.errorhandler(NotFound)
def no_such(_error: NotFound) -> ResponseReturnValue:
    """A link that opens nothing; why, is not told."""
    return _fault(404)


@blueprint.errorhandler(ServiceAway)
@blueprint.errorhandler(FileStoreError)
def away(error: Exception) -> ResponseReturnValue:
    """Another service, or the store of files."""
    log.error("portal failed", endpoint=request.endpoint, error=str(error))
    page, status = _fault(503)
    return page, status, {"Retry-After": "5"}


@blueprint.errorhandler(HTTPException)
def refused(error: HTTPException) -> ResponseReturnValue:
    """Too much, too often."""
    status = error.code or 500
    if status < 400 or str(status) not in FAULTS:
        return error
    return _fault(status)


def _page(
    token: str, view: PortalView, status: int = 200, *, fault: str = "", text: str = ""
) -> ResponseReturnValue:
    """`fault` is a code of ANSWER_FAULTS, or empty."""
    name = "portal/case.html" if view.case is not None else "portal/cases.html"
    with in_language_of(view.language):
        page = render_template(
            name,
            token=token,
            view=view,
            states=STATES,
            day=portal_day,
            moment=portal_moment,
            key=new_id(),
            asked=request.args.get("asked") == "yes",
            fault=ANSWER_FAULTS.get(fault, ""),
            text=text,
        )
    return page, status


def _fault(status: int) -> tuple[str, int]:
    """In the language that the browser asks for: there is no section to ask."""
    with in_language_of(request.accept_languages.best_match(LANGUAGES, ENGLISH)):
        title, text = FAULT_TITLES[str(status)], FAULTS[str(status)]
        return render_template("portal/fault.html", title=title, text=text), status


def _back(token: str, anchor: str | None = None) -> ResponseReturnValue:
    """To the case, so that loading the page again repeats nothing."""
    return redirect(url_for(".show", token=token, _anchor=anchor), 303)


def _case_of(view: PortalView) -> PortalCase:
    if view.case is None:
        raise NotFound("case", "behind a link to a list")
    return view.case


def _key(form: Form) -> str:
    """What is sent twice takes effect once; nobody gets another's answer by guessing his key."""
    given = form.text("idempotency_key") or new_id()
    return "portal-" + hashlib.sha256(f"{request.path}\n{given}".encode()).hexdigest()

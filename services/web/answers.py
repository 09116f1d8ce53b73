"""What a request that went wrong is answered: a problem document, or a page for people."""

from __future__ import annotations

from apiflask import HTTPError
from flask import Flask, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from structlog import get_logger
from werkzeug.exceptions import HTTPException, InternalServerError

from services.contracts.errors import (
    ContractError,
    IllegalMove,
    InvalidRequest,
    NotFound,
    ServiceAway,
    StaleVersion,
)
from services.runtime.file_store import FileStoreAway, FileStoreError
from services.web.access.gate import API
from services.web.api.problems import http_problem, validation_problem
from services.web.errors import RETRY_AFTER_SECONDS, Problem, plain_problem, problem
from services.web.pages.refusal_words import as_sentence, error_words
from services.web.pages.word_table import Words
from services.web.translation import gettext, gettext_noop

log = get_logger()

NEVER_REPEATED = ("csrf_token", "password")
SECRETS = frozenset({"password", "new_password", "code"})
SECRET_PARTS = frozenset({"secret", "token"})
TITLES = Words(
    {
        "400": gettext_noop("That did not arrive whole"),
        "401": gettext_noop("Please sign in"),
        "403": gettext_noop("Not for your role"),
        "404": gettext_noop("Nothing here"),
        "405": gettext_noop("Not in this way"),
        "409": gettext_noop("It was changed meanwhile"),
        "413": gettext_noop("Too large"),
        "422": gettext_noop("A field cannot be taken"),
        "429": gettext_noop("Too many tries"),
        "500": gettext_noop("That is our fault"),
    }
)
TEXTS = Words(
    {
        "400": gettext_noop("Go back, load the page again and repeat it."),
        "401": gettext_noop("You have to sign in to see this."),
        "403": gettext_noop("Your role does not allow this. An administrator can change that."),
        "404": gettext_noop("There is nothing at this address, or no longer."),
        "405": gettext_noop("This address does not take that kind of request."),
        "413": gettext_noop("What you sent is larger than this system takes."),
        "429": gettext_noop("Too many failed tries to sign in. Wait a minute and try again."),
        "500": gettext_noop("Something went wrong on our side. It has been recorded."),
    }
)


def install(app: Flask) -> None:
    """Answer every error of the app."""
    app.register_error_handler(ContractError, _contract_error)
    app.register_error_handler(FileStoreError, _file_store_error)
    app.register_error_handler(HTTPError, _apiflask_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)


def _contract_error(error: ContractError) -> ResponseReturnValue:
    if _for_programs():
        return _document(problem(error))
    body, status, headers = problem(error)
    if isinstance(error, ServiceAway):
        lost = any(file.filename for file in request.files.values()) and "kept_files" not in g
        page = render_template(
            "errors/away.html",
            service=error.service,
            again=_again(),
            lost_files=lost,
            colleagues=list,  # who they are would be asked of a service that may be the absent one
        )
    else:
        page = render_template(
            "errors/error.html",
            status=status,
            title=_title(error, body["title"]),
            text=as_sentence(error_words(error)),
        )
    headers["Content-Type"] = "text/html; charset=utf-8"
    return page, status, headers


def _file_store_error(error: FileStoreError) -> ResponseReturnValue:
    """The store of attachments; what it cannot do now it may do later."""
    log.error("file store failed", path=_logged_path(), why=str(error))
    status = 503 if isinstance(error, FileStoreAway) else 500
    title, words = gettext_noop("The attachments cannot be reached"), str(error)
    if _for_programs():
        body, _, headers = plain_problem(status, title, words)
        return _document((body, status, headers | {"Retry-After": str(RETRY_AFTER_SECONDS)}))
    page = render_template("errors/error.html", status=status, title=gettext(title), text=words)
    return make_response(page, status)


def _apiflask_error(error: HTTPError) -> ResponseReturnValue:
    return _document(validation_problem(error))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error
    if _for_programs():
        return _document(http_problem(error))
    status = error.code or 500
    title = TITLES.get(str(status)) or error.name
    text = TEXTS.get(str(status)) or error.description or ""
    if isinstance(error, CSRFError):
        title = gettext("This page is too old")
        text = gettext("Load it again and repeat what you did.")
    page = render_template("errors/error.html", status=status, title=title, text=text)
    return make_response(page, status)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    log.error("request failed", path=_logged_path(), method=request.method, exc_info=error)
    if _for_programs():
        return _document(plain_problem(500, "Internal Server Error", "It has been recorded."))
    return _http_error(InternalServerError())


def _title(error: ContractError, english: str) -> str:
    match error:
        case NotFound():
            return gettext("There is no such thing")
        case IllegalMove():
            return gettext("The state cannot change so")
        case StaleVersion() | InvalidRequest():
            return TITLES["409" if isinstance(error, StaleVersion) else "422"]
        case _:
            return english


def _document(answer: Problem) -> ResponseReturnValue:
    body, status, headers = answer
    response = make_response(body, status)
    response.headers.update(headers)
    return response


def _again() -> list[tuple[str, str]] | None:
    """What was posted, so that the page can offer to send it again; None when nothing was."""
    if request.method != "POST" or not SECRETS.isdisjoint(request.form):
        return None
    posted = [*request.form.items(multi=True), *g.get("kept_files", ())]
    return [(name, value) for name, value in posted if name not in NEVER_REPEATED]


def _logged_path() -> str:
    """The path, unless it holds a secret by which whoever reads the log could come in."""
    if SECRET_PARTS.isdisjoint(request.view_args or {}):
        return request.path
    return str(request.url_rule)


def _for_programs() -> bool:
    return request.path.startswith(API)

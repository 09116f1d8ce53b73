"""What a request that went wrong is answered: a problem document, or a page for people."""

from __future__ import annotations

from apiflask import HTTPError
from flask import Flask, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from structlog import get_logger
from werkzeug.exceptions import HTTPException, InternalServerError

from services.contracts.errors import ContractError, ServiceAway
from services.runtime.file_store import FileStoreAway, FileStoreError
from services.web.access.gate import API
from services.web.api.problems import http_problem, validation_problem
from services.web.errors import RETRY_AFTER_SECONDS, Problem, plain_problem, problem

log = get_logger()

NEVER_REPEATED = ("csrf_token", "password")
SECRETS = frozenset({"password", "new_password", "code"})
SECRET_PARTS = frozenset({"secret", "token"})
WORDS = {
    400: ("That did not arrive whole", "Go back, load the page again and repeat it."),
    401: ("Please sign in", "You have to sign in to see this."),
    403: ("Not for your role", "Your role does not allow this. An administrator can change that."),
    404: ("Nothing here", "There is nothing at this address, or no longer."),
    405: ("Not in this way", "This address does not take that kind of request."),
    413: ("Too large", "What you sent is larger than this system takes."),
    429: ("Too many tries", "Too many failed tries to sign in. Wait a minute and try again."),
    500: ("That is our fault", "Something went wrong on our side. It has been recorded."),
}


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
            "errors/error.html", status=status, title=body["title"], text=body["detail"]
        )
    headers["Content-Type"] = "text/html; charset=utf-8"
    return page, status, headers


def _file_store_error(error: FileStoreError) -> ResponseReturnValue:
    """The store of attachments; what it cannot do now it may do later."""
    log.error("file store failed", path=_logged_path(), why=str(error))
    status = 503 if isinstance(error, FileStoreAway) else 500
    title, words = "The attachments cannot be reached", str(error)
    if _for_programs():
        body, _, headers = plain_problem(status, title, words)
        return _document((body, status, headers | {"Retry-After": str(RETRY_AFTER_SECONDS)}))
    page = render_template("errors/error.html", status=status, title=title, text=words)
    return make_response(page, status)


def _apiflask_error(error: HTTPError) -> ResponseReturnValue:
    return _document(validation_problem(error))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error
    if _for_programs():
        return _document(http_problem(error))
    status = error.code or 500
    title, text = WORDS.get(status, (error.name, error.description or ""))
    if isinstance(error, CSRFError):
        title, text = "This page is too old", "Load it again and repeat what you did."
    page = render_template("errors/error.html", status=status, title=title, text=text)
    return make_response(page, status)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    log.error("request failed", path=_logged_path(), method=request.method, exc_info=error)
    if _for_programs():
        return _document(plain_problem(500, "Internal Server Error", "It has been recorded."))
    return _http_error(InternalServerError())


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

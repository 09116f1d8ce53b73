"""The header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header) on unsafe requests.

The same request with the same key takes effect once and is answered the same again. Only what
succeeded is kept: what was refused has changed nothing and may be sent again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, Response, current_app, g, request
from structlog import get_logger
from werkzeug.datastructures import FileStorage

from services.contracts.errors import InvalidRequest
from services.runtime.clock import now
from services.web import kept_answers
from services.web.access.gate import API, SAFE_METHODS
from services.web.errors import RETRY_AFTER_SECONDS, plain_problem
from services.web.wiring import wired

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_HEADERS = ("Content-Type", "Location")
READABLE = re.compile(r"(?=.{1,200}$)[!-~]([ -~]*[!-~])?")

log = get_logger()


@dataclass(frozen=True)
class InWork:
    """The present request, where it carries a key."""

    key: str
    lock: Fernet
    begun_at: datetime


def install(app: Flask) -> None:
    """Answer what was answered before, and keep what is answered now; behind the gate."""
    app.before_request(_answered_before)
    app.after_request(_keep)


def _answered_before() -> Response | None:
    g.in_work = None
    given = request.headers.get(HEADER)
    if given is None or request.method in SAFE_METHODS or not request.path.startswith(API):
        return None
    if request.endpoint is None:
        return None
    if not READABLE.fullmatch(given):
        raise InvalidRequest(HEADER, "give 1 to 200 characters of ASCII")
    secret, moment = _secret(given), now()
    key, content = _mark(secret, "key", given), _mark(secret, "content", _content())
    lock = Fernet(urlsafe_b64encode(hashlib.sha256(secret + b"answer").digest()))
    with wired().database.write() as connection:
        kept = kept_answers.begin(connection, key, content, moment)
    if kept is None:
        g.in_work = InWork(key, lock, moment)
        return None
    if kept.content_mark != content:
        raise InvalidRequest(HEADER, "you gave it with another request; make a new one for each")
    return _still_in_work() if kept.answer is None else _replayed(lock, kept.answer)


def _keep(response: Response) -> Response:
    work: InWork | None = g.get("in_work")
    if work is None:
        return response
    g.in_work = None
    with wired().database.write() as connection:
        if 200 <= response.status_code < 300:
            locked = work.lock.encrypt(_written(response)).decode("ascii")
            kept_answers.keep(connection, work.key, work.begun_at, locked)
        else:
            kept_answers.forget(connection, work.key, work.begun_at)
    return response


def _secret(given: str) -> bytes:
    """A secret of this user, this address and this key; the database alone does not tell it."""
    user = g.get("user")
    scope = f"{user.id if user else '-'}\n{request.method} {request.path}\n{given}"
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, scope.encode(), "sha256")


def _mark(secret: bytes, what: str, text: str) -> str:
    return hmac.new(secret, f"{what}\n{text}".encode(), "sha256").hexdigest()


def _content() -> str:
    """What the request says; written differently it is still the same."""
    query = sorted(request.args.items(multi=True))
    if request.mimetype == "multipart/form-data":
        files = [_file(name, one) for name, one in request.files.items(multi=True)]
        body: Any = [sorted(request.form.items(multi=True)), files]
    else:
        body = request.get_json(force=True, silent=True)
        if body is None:
            body = request.get_data().hex()
    return json.dumps([query, body], sort_keys=True)


def _file(name: str, file: FileStorage) -> list[str]:
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return [name, file.filename or "", file.mimetype, digest]


def _still_in_work() -> Response:
    words = "The same request with this Idempotency-Key is still in work; ask again in a moment."
    body, status, headers = plain_problem(409, "Still in work", words)
    headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return Response(json.dumps(body), status, headers)


def _written(response: Response) -> bytes:
    headers = [(name, response.headers[name]) for name in KEPT_HEADERS if name in response.headers]
    body = b64encode(response.get_data()).decode("ascii")
    return json.dumps([response.status_code, headers, body]).encode()


def _replayed(lock: Fernet, answer: str) -> Response:
    try:
        status, headers, body = json.loads(lock.decrypt(answer))
    except InvalidToken as error:
        # The key opens what it found by itself; only a changed row can be in the way.
        log.error("kept answer cannot be opened", path=request.path)
        raise InvalidRequest(HEADER, "its answer cannot be read; make a new key") from error
    return Response(b64decode(body), status, [*_pairs(headers), (REPLAYED, "true")])


def _pairs(headers: Iterable[Iterable[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers]

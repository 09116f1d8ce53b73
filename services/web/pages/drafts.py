"""What people write is kept in their browser until it is taken; here the browser is told so."""

from __future__ import annotations

import re

from flask import current_app, make_response, request
from flask.typing import ResponseReturnValue

# static/drafts.js reads it, so it is open to scripts; it tells of a form what the form knows.
COOKIE = "casewire_taken"
LASTS_SECONDS = 600
KEY = re.compile(r"[A-Za-z0-9-]{1,100}")


def taken(answer: ResponseReturnValue, name: str) -> ResponseReturnValue:
    """The same answer, saying that the form called `name` in `data-draft` took effect.

    Only such an answer lets go of a kept text: nothing is lost to a session that ended, a
    service that is away or a browser that crashed.
    """
    key = request.form.get("idempotency_key", "")
    response = make_response(answer)
    if KEY.fullmatch(key):
        response.set_cookie(
            COOKIE,
            f"{name}/{key}",
            max_age=LASTS_SECONDS,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            samesite="Lax",
        )
    return response

"""What the API asks of every query besides its schema."""

from __future__ import annotations

from flask import Flask, request

from services.contracts.errors import InvalidRequest
from services.web.access.gate import API


def install(app: Flask) -> None:
    """Refuse a name given twice: silently taking the first would answer another question."""

    @app.before_request
    def refuse_repeated() -> None:
        if not request.path.startswith(API):
            return
        for name, values in request.args.lists():
            if len(values) > 1:
                raise InvalidRequest(name, "give it once; several values go with commas between")

"""The large static files go out as they were compressed when they were built (brotli, RFC 7932).

Compressing with the most effort takes seconds, which no first visitor should wait for.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from werkzeug.security import safe_join

PACKED = ".br"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def install(app: Flask) -> None:
    """Let the route of static files prefer what stands compressed beside a file."""
    folder = Path(app.static_folder or "")

    def send(filename: str) -> Response:
        path = safe_join(str(folder), filename + PACKED)
        kind = TYPES.get(Path(filename).suffix)
        if kind is None or path is None or not Path(path).is_file():
            return app.send_static_file(filename)
        if not request.accept_encodings["br"]:
            response = app.send_static_file(filename)
        else:
            response = send_from_directory(folder, filename + PACKED, mimetype=kind)
            response.headers["Content-Encoding"] = "br"
        response.vary.add("Accept-Encoding")
        return response

    app.view_functions["static"] = send

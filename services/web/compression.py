"""Answers go over the wire compressed, where the browser takes it (RFC 9110 §12.5.3)."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress

# What is text and large. An attachment of another type goes as it is, and so does a stream of
# events: packed, each of its lines would wait for those behind it.
PACKED = [
    "text/html",
    "text/css",
    "text/javascript",
    "application/json",
    "image/svg+xml",
]


def install(app: Flask) -> None:
    """Compress every answer of the app that gains by it.

    Pages hold a token against forged requests beside what a stranger may have written, whose
    lengths could tell something of each other (BREACH). No page of another site can make a
    browser fetch them as the user, though: the session's cookie is SameSite.
    """
    app.config.update(COMPRESS_MIMETYPES=PACKED, COMPRESS_MIN_SIZE=1000)
    Compress(app)

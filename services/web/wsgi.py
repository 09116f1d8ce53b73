"""The app for a WSGI server: `gunicorn services.web.wsgi:app`."""

from __future__ import annotations

from services.web.app import create_app

app = create_app()

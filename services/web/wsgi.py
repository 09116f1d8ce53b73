"""The app for a WSGI server: `gunicorn services.web.wsgi:app`."""

from __future__ import annotations

from services.web.app import create_app
from services.web.housekeeping import keep_house
from services.web.wiring import EXTENSION

app = create_app()
keep_house(app)
app.extensions[EXTENSION].live.start()
app.extensions[EXTENSION].webhooks.start()

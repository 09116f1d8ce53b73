"""Inviting to meetings, as the API takes it."""

from __future__ import annotations

from services.web.api.schemas.base import Given, Version


class Inviting(Given):
    """Invite the contact and the watchers who were not invited yet."""

    version: Version

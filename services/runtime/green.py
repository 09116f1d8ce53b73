"""Making the standard library cooperative under eventlet."""

from __future__ import annotations

import eventlet


def patch() -> None:
    """Patch the standard library; call before anything else is imported."""
    eventlet.monkey_patch()

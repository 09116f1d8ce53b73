"""New identifiers."""

from __future__ import annotations

import uuid_utils


def new_id() -> str:
    """A UUIDv7 (RFC 9562 §5.7): unique anywhere, and later ones sort behind earlier ones."""
    return str(uuid_utils.uuid7())

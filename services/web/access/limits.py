"""How often one address may try passwords and codes; what holds for a name is in lockout.py."""

from __future__ import annotations

from flask import Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

FROM_ONE_ADDRESS = "100 per minute"

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)


def has_failed(response: Response) -> bool:
    """Only failed tries count, and those that were turned away."""
    return response.status_code in (401, 429)


limit_tries_from_an_address = limiter.shared_limit(
    FROM_ONE_ADDRESS, scope="sign-in-address", deduct_when=has_failed
)

"""How often somebody may try a password."""

from __future__ import annotations

from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

FOR_ONE_NAME = "10 per minute"
FROM_ONE_ADDRESS = "100 per minute"

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)


def address_and_name() -> str:
    """Tries count for an address and a name together: nobody locks another out from afar."""
    if request.is_json:
        body = request.get_json(silent=True)
        name = body.get("name") if isinstance(body, dict) else ""
    else:
        name = request.form.get("name")
    return f"{get_remote_address()} {str(name or '').strip().lower()[:100]}"


def has_failed(response: Response) -> bool:
    """Only failed tries count."""
    return response.status_code == 401


limit_tries_for_a_name = limiter.shared_limit(
    FOR_ONE_NAME, scope="sign-in-name", key_func=address_and_name, deduct_when=has_failed
)
limit_tries_from_an_address = limiter.shared_limit(
    FROM_ONE_ADDRESS, scope="sign-in-address", deduct_when=has_failed
)

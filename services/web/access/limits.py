"""How often one address may try passwords, codes and links into the portal.

What holds for a name is in lockout.py.
"""

from __future__ import annotations

from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

FROM_ONE_ADDRESS = "100 per minute"
WRONG_LINKS = "30 per minute"
ANSWERS_BY_LINK = "20 per minute"
LISTS_BY_LINK = "3 per hour"

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)


def has_failed(response: Response) -> bool:
    """Only failed tries count, and those that were turned away."""
    return response.status_code in (401, 429)


limit_tries_from_an_address = limiter.shared_limit(
    FROM_ONE_ADDRESS, scope="sign-in-address", deduct_when=has_failed
)


def by_link() -> str:
    """The link in use; what is counted by it, a change of address does not escape."""
    return str((request.view_args or {}).get("token", ""))[:200].lower()


def is_no_link(response: Response) -> bool:
    """Only links that open nothing count."""
    return response.status_code == 404


limit_wrong_links = limiter.shared_limit(WRONG_LINKS, scope="portal-link", deduct_when=is_no_link)
limit_answers_by_link = limiter.shared_limit(
    ANSWERS_BY_LINK, scope="portal-answer", key_func=by_link
)
limit_lists_by_link = limiter.shared_limit(LISTS_BY_LINK, scope="portal-cases", key_func=by_link)

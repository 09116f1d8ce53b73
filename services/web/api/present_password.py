"""Asking who has a token for his password or code, before he changes how he signs in."""

from __future__ import annotations

from services.contracts.directory import User
from services.contracts.errors import InvalidRequest
from services.web.access.refusals import CodeUnreadable, TriesBlocked
from services.web.access.trying import Tried, try_code, try_present_password
from services.web.access.visitor import visitor
from services.web.wiring import wired


def prove_password(user: User, password: str) -> None:
    """Raises InvalidRequest for another's or no password, TriesBlocked."""
    tried = try_present_password(wired(), user, password, visitor())
    let_wait(tried)
    if tried.proved is None:
        raise InvalidRequest("password", "this is not your present password")


def prove_code(user: User, code: str) -> None:
    """Raises InvalidRequest for a wrong code, CodeUnreadable, TriesBlocked."""
    tried = try_code(wired(), user, code, visitor())
    let_wait(tried)
    if tried.outcome == "unreadable":
        raise CodeUnreadable()
    if tried.outcome != "right":
        raise InvalidRequest("code", "it is wrong or was used already; wait for the next one")


def let_wait(tried: Tried) -> None:
    """Raises TriesBlocked where the next try has to wait."""
    if tried.outcome == "locked" and tried.again_at:
        raise TriesBlocked(tried.again_at)

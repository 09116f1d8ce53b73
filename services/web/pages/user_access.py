"""What an administrator does about how a user signs in."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from services.contracts.directory import User
from services.web.access import user_access
from services.web.wiring import Wiring, wired

blueprint = Blueprint("user_access", __name__, url_prefix="/users/<int:id>")


@blueprint.post("/end-sessions")
def end_sessions(id: int) -> ResponseReturnValue:
    """End all of a user's sessions."""
    return _do(user_access.end_all_sessions, id)


@blueprint.post("/reset-two-factor")
def reset_two_factor(id: int) -> ResponseReturnValue:
    """Forget a user's second factor."""
    return _do(user_access.reset_second_factor, id)


@blueprint.post("/unlock")
def unlock(id: int) -> ResponseReturnValue:
    """Forget the failed tries for a user."""
    return _do(user_access.unlock, id)


def _do(carry_out: Callable[[Wiring, User], None], id: int) -> ResponseReturnValue:
    carry_out(wired(), wired().directory.user(id))
    return redirect(url_for("users.edit", id=id), 303)

"""Every request passes here first: who asks, and may he."""

from __future__ import annotations

from flask import Flask, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect

from services.contracts.directory import User
from services.web.access.people import SignedIn, by_session, by_token
from services.web.access.roles import LEAST_ROLE, role_suffices
from services.web.access.sight import is_beyond
from services.web.wiring import wired

API = "/api/v1/"
BIGGEST_NUMBER = 2**31 - 1
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

login_manager = LoginManager()
csrf = CSRFProtect()


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_session(session_id: str) -> SignedIn | None:
    """Flask-Login asks this for whoever has a session."""
    return by_session(wired(), session_id)


def install(app: Flask) -> None:
    """Put the gate before every route of the app."""
    # Its own look at the user in every template would ask an absent service once more.
    login_manager.init_app(app, add_context_processor=False)
    app.before_request(open_or_refuse)
    csrf.init_app(app)  # behind the gate: it reads the whole form, which may hold files


def open_or_refuse() -> ResponseReturnValue | None:
    """Let the request through (None), or send it to the sign-in page; aborts with 401, 403, 404."""
    g.user = None
    if request.endpoint is None:
        return None
    if any(isinstance(v, int) and v > BIGGEST_NUMBER for v in (request.view_args or {}).values()):
        abort(404)
    least = LEAST_ROLE.get(request.endpoint)
    if least == "anyone":
        return None
    user = _api_user() if request.path.startswith(API) else _session_user()
    if user is None:
        if request.path.startswith(API):
            abort(401)
        return _to_sign_in()
    g.user = user
    if least is None or not role_suffices(user.role, least) or is_beyond(user, request.endpoint):
        abort(403)
    return None


def bearer_token() -> str | None:
    """The token of the request, if it has one (RFC 6750 §2.1)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _api_user() -> User | None:
    token = bearer_token()
    if token is not None:
        return by_token(wired(), token)
    user = _session_user()
    if user is not None and request.method not in SAFE_METHODS:
        # A page of another site can make the browser send this cookie; not this header.
        csrf.protect()
    return user


def _session_user() -> User | None:
    signed_in = current_user._get_current_object()
    return signed_in.user if isinstance(signed_in, SignedIn) else None


def _to_sign_in() -> ResponseReturnValue:
    session.pop("_user_id", None)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    address = url_for("session.sign_in", next=wanted)
    if "HX-Request" in request.headers:
        return "", 401, {"HX-Redirect": address}
    return redirect(address, 303)

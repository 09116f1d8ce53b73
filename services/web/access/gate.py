"""Every request passes here first: who asks, and may he."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from services.contracts.directory import User
from services.web.access.duty import OPEN_TO_DEBTORS, owes_second_factor
from services.web.access.people import SignedIn, by_session, by_token
from services.web.access.refusals import SecondFactorOwed
from services.web.access.roles import LEAST_ROLE, role_suffices
from services.web.access.sight import is_beyond
from services.web.wiring import wired

API = "/api/v1/"
BIGGEST_NUMBER = 2**31 - 1
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

login_manager = LoginManager()
csrf = CSRFProtect()


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_session(secret: str) -> SignedIn | None:
    """Flask-Login asks this for whoever has a session."""
    return by_session(wired(), secret)


def install(app: Flask) -> None:
    """Put the gate before every route of the app."""
    # Its own look at the user in every template would ask an absent service once more.
    login_manager.init_app(app, add_context_processor=False)
    app.before_request(open_or_refuse)
    csrf.init_app(app)  # behind the gate: it reads the whole form, which may hold files


def open_or_refuse() -> ResponseReturnValue | None:
    """Let the request through (None), or send it where one signs in or sets up a second factor.

    Aborts with 401, 403, 404.
    """
    g.user = g.session = None
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
    if _owes_second_factor(user):
        if request.path.startswith(API):
            raise SecondFactorOwed()
        return _away_to(url_for("two_factor.show"))
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
    if not isinstance(signed_in, SignedIn):
        return None
    g.session = signed_in.session
    return signed_in.user


def _owes_second_factor(user: User) -> bool:
    if request.endpoint in OPEN_TO_DEBTORS:
        return False
    return owes_second_factor(wired(), user, g.session.proof if g.session else "")


def _to_sign_in() -> ResponseReturnValue:
    session.pop("_user_id", None)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else _page_before()
    return _away_to(url_for("session.sign_in", next=wanted))


def _away_to(address: str) -> ResponseReturnValue:
    if "HX-Request" in request.headers:
        return "", 401, {"HX-Redirect": address}
    return redirect(address, 303)


def _page_before() -> str | None:
    """The page that a form was sent from: its reader gets back there, and to what he wrote."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return None
    try:
        current_app.url_map.bind(request.host).match(parts.path, method="GET")
    except (HTTPException, RoutingException):
        return None  # it stood where only something can be sent to
    return f"{parts.path}?{parts.query}".rstrip("?")

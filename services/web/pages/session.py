"""Signing in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from services.web.access.limits import limit_tries_for_a_name, limit_tries_from_an_address
from services.web.access.people import by_password
from services.web.wiring import wired

blueprint = Blueprint("session", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limit_tries_from_an_address
@limit_tries_for_a_name
def sign_in() -> ResponseReturnValue:
    """Ask for name and password; 401 when they are wrong, without saying which."""
    wanted = safe_next(request.values.get("next"))
    if request.method == "GET":
        return render_template("session/sign_in.html", name="", next=wanted, failed=False)
    name = request.form.get("name", "").strip()
    signed_in = by_password(wired(), name, request.form.get("password", ""))
    if signed_in is None:
        page = render_template("session/sign_in.html", name=name, next=wanted, failed=True)
        return page, 401
    session.clear()  # a session begun by somebody else must not become this user's
    session.permanent = True
    login_user(signed_in)
    return redirect(wanted, 303)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session of this browser."""
    logout_user()
    session.clear()
    return redirect(url_for("session.sign_in"), 303)


def safe_next(wanted: str | None) -> str:
    """Where to go behind signing in: a path of ours and nothing else."""
    home = url_for("case_list.home")
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return home
    parts = urlsplit(wanted)
    return home if parts.scheme or parts.netloc else wanted

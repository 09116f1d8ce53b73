"""Signing in, with a second step where there is a second factor, and out."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from services.web.access import sign_in_log
from services.web.access.asking import asking_user, present_session
from services.web.access.entering import Half, enter, enter_half, entered_half
from services.web.access.limits import limit_tries_from_an_address
from services.web.access.sessions import PASSWORD, end_session
from services.web.access.trying import Tried, try_code, try_password
from services.web.access.visitor import visitor
from services.web.pages.waiting import retry_after, with_pause
from services.web.translation import gettext, gettext_noop
from services.web.wiring import wired

blueprint = Blueprint("session", __name__)

WRONG_PASSWORD = gettext_noop("The name or the password is wrong.")
WRONG_CODE = gettext_noop("This code is wrong or was used already. Wait for the next one.")
SEAL_BROKEN = gettext_noop(
    "Codes of your authenticator cannot be checked at present. Give a recovery code, "
    "or ask an administrator to reset your second factor."
)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limit_tries_from_an_address
def sign_in() -> ResponseReturnValue:
    """Ask for name and password; 401 when they are wrong, without saying which."""
    wanted = safe_next(request.values.get("next"))
    if request.method == "GET":
        return _sign_in_page("", wanted)
    name = request.form.get("name", "").strip()
    tried = try_password(wired(), name, request.form.get("password", ""), visitor())
    if tried.proved is None:
        wrong = gettext(WRONG_PASSWORD)
        return _refused(tried, wrong, lambda words: _sign_in_page(name, wanted, words))
    if tried.outcome == "code_wanted":
        enter_half(tried.proved, wanted)
        return redirect(url_for("session.code"), 303)
    enter(wired(), tried.proved, PASSWORD)
    return redirect(wanted, 303)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@limit_tries_from_an_address
def code() -> ResponseReturnValue:
    """The second step: a code of the authenticator, or a recovery code."""
    half = entered_half(wired())
    if half is None:
        return redirect(url_for("session.sign_in"), 303)
    if request.method == "GET":
        return _code_page(half)
    tried = try_code(wired(), half.proved.user, request.form.get("code", "")[:40], visitor())
    if tried.outcome != "right":
        return _refused(tried, wrong_code(tried), lambda words: _code_page(half, words))
    enter(wired(), half.proved, tried.proof)
    return redirect(safe_next(half.wanted), 303)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session of this browser."""
    user, present = asking_user(), present_session()
    with wired().database.write() as connection:
        end_session(connection, user.id, present.id)
        sign_in_log.note_of(connection, "signed_out", user)
    logout_user()
    session.clear()
    return redirect(url_for("session.sign_in"), 303)


def _refused(
    tried: Tried, words: str, page: Callable[[str], ResponseReturnValue]
) -> ResponseReturnValue:
    """The page once more: what was wrong, and when the next try is taken."""
    response = make_response(page(with_pause(tried, words)))
    response.status_code = 429 if tried.outcome == "locked" else 401
    if tried.again_at is not None:
        response.headers.update(retry_after(tried.again_at))
    return response


def _sign_in_page(name: str, wanted: str, wrong: str = "") -> ResponseReturnValue:
    settings = wired().settings
    return render_template(
        "session/sign_in.html",
        name=name,
        next=wanted,
        wrong=wrong,
        single_sign_on=settings.web_oidc_name if settings.web_oidc_issuer else "",
    )


def _code_page(half: Half, wrong: str = "") -> ResponseReturnValue:
    return render_template("session/code.html", name=half.proved.user.name, wrong=wrong)


def wrong_code(tried: Tried) -> str:
    """What is wrong with a code that was not taken."""
    if tried.outcome == "unreadable":
        return gettext(SEAL_BROKEN)
    return gettext(WRONG_CODE)


def safe_next(wanted: str | None) -> str:
    """Where to go behind signing in: a path of ours and nothing else."""
    home = url_for("case_list.home")
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return home
    parts = urlsplit(wanted)
    return home if parts.scheme or parts.netloc else wanted

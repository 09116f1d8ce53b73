"""A new password by mail: asked for by name, set by the link in the mail."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from services.contracts.directory import User
from services.runtime.clock import now
from services.web.access import lockout, resets, sign_in_log
from services.web.access.credentials import save_credential
from services.web.access.passwords import hash_password
from services.web.access.people import active_user
from services.web.access.visitor import visitor
from services.web.pages.password_words import password_errors
from services.web.pages.waiting import again, retry_after
from services.web.reset_mails import PATH
from services.web.translation import gettext
from services.web.wiring import wired

blueprint = Blueprint("password_reset", __name__)

KEPT = "reset"


@blueprint.route("/forgot-password", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Ask for a name; the answer, and the time it takes, are the same for every name."""
    if request.method == "GET":
        return render_template("session/forgot.html", wrong="")
    name = request.form.get("name", "").replace("\0", "").strip()
    if not name:
        wrong = gettext("Give your name or mail address.")
        return render_template("session/forgot.html", wrong=wrong), 422
    with wired().database.write() as connection:
        again_at = resets.ask(connection, name, visitor(), now())
    if again_at is not None:
        too_often = gettext("From here this was asked too often.")
        words = f"{too_often} {again(again_at)}"
        return render_template("session/forgot.html", wrong=words), 429, retry_after(again_at)
    wired().reset_asked.set()
    return render_template("session/asked.html")


@blueprint.get(f"{PATH}<key>")
def follow(key: str) -> ResponseReturnValue:
    """Take the secret out of the address, before anything could pass it on."""
    session[KEPT] = key[:100]
    response = make_response(redirect(url_for("password_reset.choose"), 303))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.route("/reset-password", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    """The form for the new password, for who came by a link that holds."""
    user = _user_of_link()
    if user is None:
        return render_template("session/link_over.html"), 410
    if request.method == "GET":
        return _form(user)
    new = request.form.get("new_password", "")
    errors = password_errors(user, new, request.form.get("repeated", ""))
    if errors:
        return _form(user, errors), 422
    if not _set(user, new):
        return render_template("session/link_over.html"), 410
    session.clear()
    return render_template("session/reset_done.html")


def _user_of_link() -> User | None:
    with wired().database.read() as connection:
        user_id = resets.user_of_link(connection, session.get(KEPT, ""), now())
    return active_user(wired(), user_id) if user_id is not None else None


def _set(user: User, new: str) -> bool:
    """Use the link up and set the password; False when the link was used meanwhile."""
    kept_hash, moment = hash_password(new), now()
    with wired().database.write() as connection:
        if resets.use_link(connection, session[KEPT], moment) != user.id:
            return False
        save_credential(connection, user.id, user.login, kept_hash, moment)
        lockout.unlock(connection, user.login, user.id)
        sign_in_log.note_of(connection, "password_reset", user)
    return True


def _form(user: User, errors: dict[str, str] | None = None) -> str:
    return render_template("session/reset.html", login=user.login, errors=errors or {})

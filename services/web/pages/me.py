"""My account: one's own password, second factor, sessions and last sign-ins."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.runtime.clock import now
from services.web.access import own_access, sign_in_log, two_factor
from services.web.access.asking import asking_user, present_session
from services.web.access.credentials import find_credential
from services.web.access.limits import limit_tries_from_an_address
from services.web.access.sessions import sessions_of
from services.web.access.sign_in_log import SignInQuestion, entries
from services.web.access.trying import Tried, try_present_password
from services.web.access.user_access import end_all_sessions
from services.web.access.visitor import visitor
from services.web.pages.password_words import password_errors
from services.web.pages.sign_in_words import HAPPENED, PROOFS
from services.web.pages.waiting import with_pause
from services.web.pages.word_table import Words
from services.web.translation import gettext, gettext_noop
from services.web.wiring import wired

blueprint = Blueprint("me", __name__, url_prefix="/me")

LAST_SIGN_INS = 10
DONE = Words(
    {
        "password": gettext_noop(
            "Your password is changed. Your other sessions and all your tokens have ended."
        ),
        "session": gettext_noop("The session has ended."),
        "sessions": gettext_noop("All your other sessions have ended."),
        "off": gettext_noop("The second factor is off."),
    }
)


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All of it on one page."""
    return me_page(done=DONE.get(request.args.get("done", ""), ""))


@blueprint.post("/password")
@limit_tries_from_an_address
def change_password() -> ResponseReturnValue:
    """A new password, for who gives the present one."""
    user, wiring = asking_user(), wired()
    new = request.form.get("new_password", "")
    errors = password_errors(user, new, request.form.get("repeated", ""))
    if errors:
        return me_page(errors, status=422)
    tried = try_present_password(wiring, user, request.form.get("password", ""), visitor())
    if tried.proved is None:
        return refused(tried, "password", gettext("This is not your present password."))
    own_access.change_password(wiring, user, new, keep_session=present_session().id)
    return _back("password")


@blueprint.post("/sessions/<int:id>/end")
def end_one(id: int) -> ResponseReturnValue:
    """End one of his sessions."""
    own_access.end_one_session(wired(), asking_user(), id)
    return _back("session")


@blueprint.post("/sessions/end-others")
def end_others() -> ResponseReturnValue:
    """End all of his sessions but this one."""
    end_all_sessions(wired(), asking_user(), but=present_session().id)
    return _back("sessions")


def me_page(
    errors: dict[str, str] | None = None, *, status: int = 200, done: str = ""
) -> ResponseReturnValue:
    """The page, with what was wrong by field, or what was done."""
    user, wiring, moment = asking_user(), wired(), now()
    with wiring.database.read() as connection:
        page = render_template(
            "me/me.html",
            errors=errors or {},
            done=done,
            present=present_session().id,
            has_password=find_credential(connection, user.id) is not None,
            two_factor_on=two_factor.is_on(connection, user.id),
            codes_left=two_factor.unused_recovery_codes(connection, user.id),
            sessions=sessions_of(connection, user.id, moment),
            events=entries(connection, SignInQuestion(user_id=user.id, limit=LAST_SIGN_INS)),
            words=HAPPENED,
            failures=sign_in_log.FAILURES,
            proofs=PROOFS,
            must_have=user.role in wiring.settings.two_factor_roles,
        )
    return page, status


def refused(tried: Tried, field: str, words: str) -> ResponseReturnValue:
    """The page once more for a try that failed: what was wrong, and when the next one is taken."""
    # Not 401: he is signed in, and this is a form that cannot be taken.
    return me_page(
        {field: with_pause(tried, words)}, status=429 if tried.outcome == "locked" else 422
    )


def _back(done: str) -> ResponseReturnValue:
    return redirect(url_for("me.show", done=done), 303)

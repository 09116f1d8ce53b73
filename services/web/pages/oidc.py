"""Signing in by OpenID Connect, where a provider is set."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from structlog import get_logger

from services.runtime.clock import now
from services.web.access import sign_in_log
from services.web.access.entering import enter, version_of
from services.web.access.limits import limit_tries_from_an_address
from services.web.access.oidc import (
    NAME,
    ProviderAway,
    SignInRefused,
    claims_of_answer,
    user_of_claims,
    way_to_provider,
)
from services.web.access.people import Proved
from services.web.access.sessions import SINGLE_SIGN_ON
from services.web.access.visitor import visitor
from services.web.pages.session import safe_next
from services.web.translation import gettext, gettext_noop
from services.web.wiring import wired

blueprint = Blueprint("oidc", __name__, url_prefix="/sign-in/single")
log = get_logger()

WANTED = "wanted"
STATE = f"_state_{NAME}_"  # as authlib names what it keeps of a way
AWAY = gettext_noop(
    "The sign-in service cannot be reached at present. Try again, or sign in with a password."
)
REFUSED = gettext_noop(
    "This did not sign you in. Try again; if it stays so, an administrator has to give "
    "your user the mail address that the sign-in service has verified."
)


@blueprint.get("")
def begin() -> ResponseReturnValue:
    """Lead to the provider."""
    _must_be_set()
    wanted = safe_next(request.args.get("next"))
    # A way that was begun and left would make the cookie longer each time.
    for left in [key for key in session if key.startswith(STATE)]:
        del session[left]
    session[WANTED] = wanted
    settings = wired().settings
    answer_address = settings.public_address + url_for("oidc.answer")
    try:
        way: ResponseReturnValue = way_to_provider(current_app, settings, answer_address)
    except ProviderAway as error:
        log.warning("sign-in provider is away", why=str(error))
        return _failed(AWAY, 503)
    return way


@blueprint.get("/answer")
@limit_tries_from_an_address
def answer() -> ResponseReturnValue:
    """What comes back from the provider: who it is, or why not."""
    _must_be_set()
    wiring = wired()
    wanted = session.get(WANTED, "")
    claims: dict[str, object] = {}
    try:
        claims = claims_of_answer(current_app, wiring.settings)
        user = user_of_claims(wiring, claims)
    except ProviderAway as error:
        log.warning("sign-in provider is away", why=str(error))
        return _failed(AWAY, 503)
    except SignInRefused as error:
        log.warning("single sign-on refused", why=str(error))
        name = str(claims.get("email") or "")
        with wiring.database.write() as connection:
            sign_in_log.note(connection, "single_sign_on_refused", name, None, visitor(), at=now())
        return _failed(REFUSED, 401)
    enter(wiring, Proved(user, version_of(wiring, user)), SINGLE_SIGN_ON, "single_sign_on")
    return redirect(safe_next(wanted), 303)


def _must_be_set() -> None:
    if not wired().settings.web_oidc_issuer:
        abort(404)


def _failed(words: str, status: int) -> ResponseReturnValue:
    settings = wired().settings
    page = render_template(
        "session/sign_in.html",
        name="",
        next="",
        wrong=gettext(words),
        single_sign_on=settings.web_oidc_name,
    )
    return page, status

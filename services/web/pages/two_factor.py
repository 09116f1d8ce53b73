"""Turning the second factor on, with a code that shows that it works, and off."""

from __future__ import annotations

import io

import segno
from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.web.access import two_factor
from services.web.access.asking import asking_user, present_session
from services.web.access.duty import owes_second_factor
from services.web.access.limits import limit_tries_from_an_address
from services.web.access.own_access import turn_off_second_factor, turn_on_second_factor
from services.web.access.trying import seal_of, try_code, try_present_password
from services.web.access.visitor import visitor
from services.web.pages.me import refused
from services.web.pages.session import WRONG_CODE, wrong_code
from services.web.translation import gettext
from services.web.wiring import wired

blueprint = Blueprint("two_factor", __name__, url_prefix="/me/two-factor")

PICTURE_SCALE = 5


@blueprint.get("")
def show() -> ResponseReturnValue:
    """What to do, and the field for the first code."""
    with wired().database.read() as connection:
        if two_factor.is_on(connection, asking_user().id):
            return redirect(url_for("me.show"), 303)
    return _set_up_page()


@blueprint.get("/picture.svg")
def picture() -> Response:
    """The secret that waits, as a QR code; nobody sees it once it is confirmed."""
    secret = _waiting_secret()
    if secret is None:
        abort(404)
    drawn = io.BytesIO()
    code = segno.make(two_factor.address_of(secret, asking_user().login), micro=False)
    code.save(drawn, kind="svg", scale=PICTURE_SCALE, dark="#111", light="#fff", xmldecl=False)
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@blueprint.post("")
@limit_tries_from_an_address
def turn_on() -> ResponseReturnValue:
    """Take the first code; the page that comes shows the recovery codes, this once."""
    code, here = request.form.get("code", "")[:40], present_session().id
    codes = turn_on_second_factor(wired(), asking_user(), code, keep_session=here)
    if codes is None:
        return _set_up_page(gettext(WRONG_CODE)), 422
    return render_template("me/recovery_codes.html", codes=codes)


@blueprint.post("/off")
@limit_tries_from_an_address
def turn_off() -> ResponseReturnValue:
    """Off again, for who gives his password and a code."""
    user, wiring = asking_user(), wired()
    tried = try_present_password(wiring, user, request.form.get("password", ""), visitor())
    if tried.proved is None:
        return refused(tried, "off_password", gettext("This is not your password."))
    tried = try_code(wiring, user, request.form.get("code", "")[:40], visitor())
    if tried.outcome != "right":
        return refused(tried, "code", wrong_code(tried))
    turn_off_second_factor(wiring, user)
    return redirect(url_for("me.show", done="off"), 303)


def _set_up_page(wrong: str = "") -> str:
    secret = _waiting_secret()
    return render_template(
        "me/two_factor.html",
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)) if secret else "",
        wrong=wrong,
        must=owes_second_factor(wired(), asking_user(), present_session().proof),
    )


def _waiting_secret() -> str | None:
    wiring, user = wired(), asking_user()
    with wiring.database.write() as connection:
        if two_factor.is_on(connection, user.id):
            return None
        return two_factor.offer_secret(connection, seal_of(wiring), user.id)

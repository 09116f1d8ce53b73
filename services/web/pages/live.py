"""What open pages ask while they are open: what happens, and who else is there."""

from __future__ import annotations

import time

from flask import Blueprint, Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from services.contracts.presence import Presence
from services.web.access.asking import asking_user
from services.web.access.people import by_session
from services.web.live.eyes import Eyes, eyes_of
from services.web.live.happening import clock
from services.web.live.hub import TooManyStreams
from services.web.live.speaking import Speaker
from services.web.pages.form import Form
from services.web.wiring import wired

blueprint = Blueprint("live", __name__)

STREAM_PATH = "/live"
ASK_AGAIN_SECONDS = 60
LONGEST_TAB = 40
DOINGS = ("looking", "answering", "editing", "gone")


@blueprint.get(STREAM_PATH)
def stream() -> ResponseReturnValue:
    """Server-sent events of the cases that the user may see, as long as he stays.

    They begin with what happened after the event that he had last (`Last-Event-ID`), or after
    `since`, when his page was made; both in milliseconds since 1970.
    """
    wiring, session_id, user = wired(), current_user.get_id(), asking_user()
    eyes = eyes_of(user, wiring.directory)
    last = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    try:
        opened = wiring.live.hub.open(user.id, int(last) if last.isdecimal() else None)
    except TooManyStreams:
        return "", 503, {"Retry-After": str(ASK_AGAIN_SECONDS)}

    def look() -> Eyes | None:
        found = by_session(wiring, session_id)
        return None if found is None else eyes_of(found.user, wiring.directory)

    speaker = Speaker(opened, eyes, look, request.environ.get("gunicorn.socket"))
    response = Response(speaker.speak(), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"  # nginx would wait for more to send
    response.call_on_close(lambda: wiring.live.hub.leave(opened))
    return response


@blueprint.post("/cases/<int:number>/presence")
def presence(number: int) -> ResponseReturnValue:
    """Take down that a page of the case is open; answers who else is there, as a piece of it."""
    live, user, form = wired().live, asking_user(), Form(request.form)
    doing, tab = form.choice("doing", DOINGS), form.text("tab", longest=LONGEST_TAB)
    if doing is None or tab is None or form.errors:
        abort(400)
    glance = live.glances.at(user.id, number, wired().cases.glance, fresh=form.flag("fresh"))
    said = {"number": number, "tab": f"{user.id}-{tab}", "user_id": user.id, "name": user.name}
    live.note_presence(Presence.model_validate({**said, "doing": doing}))
    if doing == "gone":
        return "", 204
    others = live.hub.others_on(number, user.id)
    return render_template("live/presence.html", others=others, version=glance.version)


def made_at() -> int:
    """When the request that makes this page came in, in milliseconds since 1970."""
    return clock() - int((time.perf_counter() - g.began) * 1000)

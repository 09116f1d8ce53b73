"""Calendar feeds: made and ended by their user, read by his calendar program (C6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.http import http_date, quote_etag

from services.contracts.calendar import CalendarQuestion
from services.contracts.directory import User
from services.contracts.errors import InvalidRequest, NotFound
from services.runtime.clock import now
from services.web.access.asking import asking_user
from services.web.calendar_file import calendar_file, digest
from services.web.feeds import (
    LONGEST_NAME,
    Feed,
    feeds_of,
    find_feed,
    is_worth_noting,
    make_feed,
    note_reading,
    revoke_feed,
)
from services.web.pages.form import Form
from services.web.wiring import wired

blueprint = Blueprint("feeds", __name__, url_prefix="/calendar/feeds")

BACK = timedelta(days=60)
AHEAD = timedelta(days=330)
COMPANY = "company"

# Since when a feed has had the content that it has: by its id, the digest and the moment. It is
# told to programs that ask by date alone, and may be forgotten.
_since: dict[int, tuple[str, datetime]] = {}


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The feeds of whoever asks, with the form for another."""
    return _page()


@blueprint.post("")
def make() -> ResponseReturnValue:
    """Make one; the page that comes shows its address, and no page ever after."""
    form = Form(request.form)
    whose = form.text("whose", longest=20) or COMPANY
    name = form.text("name", longest=LONGEST_NAME) or ""
    of_user_id = None if whose == COMPANY else form.number("whose")
    if not form.errors:
        try:
            with wired().database.write() as connection:
                secret = make_feed(connection, asking_user().id, of_user_id, name, now())
            return _page(address=url_for(".read", secret=secret, _external=True))
        except InvalidRequest as error:
            form.refused(error)
    return _page(errors=form.errors, status=422)


@blueprint.post("/<int:id>/revoke")
def revoke(id: int) -> ResponseReturnValue:
    """End it: its address is nothing from now on."""
    with wired().database.write() as connection:
        revoke_feed(connection, asking_user().id, id, now())
    return redirect(url_for(".show"), 303)


@blueprint.get("/<secret>.ics")
def read(secret: str) -> ResponseReturnValue:
    """The file, for whoever knows its address; it holds what its user may see."""
    with wired().database.read() as connection:
        feed = find_feed(connection, secret)
    owner = _owner(feed) if feed is not None else None
    if feed is None or owner is None:
        abort(404)
    g.user = owner  # what he may not see stands in no file of his
    moment = now()
    if is_worth_noting(feed, moment):
        with wired().database.write() as connection:
            note_reading(connection, feed.id, moment)
    return _file(feed, moment)


def _file(feed: Feed, moment: datetime) -> Response:
    question = CalendarQuestion(
        begin=moment - BACK,
        end=moment + AHEAD,
        responsible_ids=() if feed.of_user_id is None else (feed.of_user_id,),
    )
    events = wired().cases.list_events(question).items
    content = calendar_file(
        feed.name,
        events,
        lambda number: url_for("case.show", number=number, _external=True),
        request.host.partition(":")[0],
        {one.id: one.reply_address or "" for one in wired().directory.sections()},
    )
    tag = digest(content)
    if _since.get(feed.id, ("", moment))[0] != tag:
        _since[feed.id] = (tag, moment)
    response = Response(content, mimetype="text/calendar")
    response.headers["ETag"] = quote_etag(tag)
    response.headers["Last-Modified"] = http_date(_since[feed.id][1])
    response.headers["Content-Disposition"] = 'inline; filename="casewire.ics"'
    response.make_conditional(request)
    return response


def _owner(feed: Feed) -> User | None:
    try:
        owner = wired().directory.user(feed.user_id)
    except NotFound:
        return None
    return owner if owner.active else None


def _page(
    address: str | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    users = [user for user in wired().directory.users() if user.active]
    with wired().database.read() as connection:
        feeds = feeds_of(connection, asking_user().id)
    page = render_template(
        "calendar/feeds.html",
        feeds=feeds,
        address=address,
        errors=errors or {},
        texts=request.form.to_dict(),
        users=sorted(users, key=lambda user: user.name.casefold()),
        names={user.id: user.name for user in users},
    )
    return page, status

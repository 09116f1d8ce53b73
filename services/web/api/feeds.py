"""Calendar feeds: calendars for other programs, by secret address (C6)."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import url_for

from services.contracts.errors import InvalidRequest
from services.runtime.clock import now
from services.web.access.asking import asking_user
from services.web.api.paging import Paged, page_of
from services.web.api.schemas.feeds import FeedList, NewAddress, NewFeed
from services.web.feeds import feeds_of, find_feed, make_feed, revoke_feed
from services.web.wiring import wired

blueprint = APIBlueprint("api_feeds", __name__, url_prefix="/api/v1/calendar-feeds", tag="Calendar")


@blueprint.get("")
@blueprint.input(Paged, location="query")
@blueprint.output(FeedList)
def list_feeds(query_data: Paged) -> FeedList:
    """List your calendar feeds that still hold."""
    with wired().database.read() as connection:
        found = feeds_of(connection, asking_user().id)
    page = page_of(found, query_data, lambda feed: (-feed.id,))
    return FeedList(items=page.items, next=page.next)


@blueprint.post("")
@blueprint.input(NewFeed)
@blueprint.output(NewAddress, status_code=201)
def add_feed(json_data: NewFeed) -> NewAddress:
    """Make a calendar feed; its address holds what you may see, for whoever knows it."""
    whose = json_data.of_user_id
    if whose is not None and whose not in {user.id for user in wired().directory.users()}:
        raise InvalidRequest("of_user_id", f"there is no user {whose}")
    with wired().database.write() as connection:
        secret = make_feed(connection, asking_user().id, whose, json_data.name, now())
        feed = find_feed(connection, secret)
    assert feed is not None
    address = url_for("feeds.read", secret=secret, _external=True)
    return NewAddress(**feed.model_dump(), address=address)


@blueprint.delete("/<int:id>")
@blueprint.output({}, status_code=204)
def revoke_feed_of_mine(id: int) -> tuple[str, int]:
    """End a calendar feed: its address is nothing from now on."""
    with wired().database.write() as connection:
        revoke_feed(connection, asking_user().id, id, now())
    return "", 204

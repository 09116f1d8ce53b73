"""Calendar feeds, as the API takes and answers them."""

from __future__ import annotations

from pydantic import Field

from services.contracts.envelope import Part
from services.web.api.schemas.base import Given, Id
from services.web.feeds import LONGEST_NAME, Feed


class NewFeed(Given):
    """A calendar for another program."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    of_user_id: Id | None = Field(
        default=None, description="Whose cases; null for those of the whole company"
    )


class NewAddress(Feed):
    """A feed with its secret address, which is told this once."""

    address: str = Field(json_schema_extra={"format": "uri"})


class FeedList(Part):
    """Your calendar feeds, the newest first."""

    items: list[Feed]
    next: str | None = None

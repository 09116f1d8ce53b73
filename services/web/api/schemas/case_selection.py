"""Changes of many cases, and tags, as the API takes and answers them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.contracts.cases import State
from services.contracts.envelope import Part
from services.web.api.schemas.base import Given, Id
from services.web.api.schemas.cases import GivenCaseFields
from services.web.clients.cases import TagCount

Tag = Annotated[str, Field(min_length=1, max_length=50)]


class SelectionChange(Given):
    """Which cases, and what becomes of each."""

    numbers: tuple[Id, ...] = Field(min_length=1, max_length=500)
    fields: GivenCaseFields | None = None
    state: State | None = None
    add_tags: tuple[Tag, ...] = ()
    remove_tags: tuple[Tag, ...] = ()


class TagList(Part):
    """Tags, and the cursor of the next page."""

    items: list[TagCount]
    next: str | None = None

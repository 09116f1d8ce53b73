"""Corrective and preventive actions, as the API takes and answers them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.contracts.case_commands import DueAction
from services.contracts.envelope import Part
from services.web.api.schemas.base import Cursor, Day, Given, Id, Limit, Version


class ActionFields(Given):
    """Fields of an action."""

    type: Literal["corrective", "preventive"] = "corrective"
    text: str = Field(default="", min_length=1, max_length=5_000)
    owner_id: Id | None = None
    due: Day | None = None
    done: bool = False


class NewAction(ActionFields):
    """An action to add."""

    text: str = Field(min_length=1, max_length=5_000)


class ActionChange(ActionFields):
    """Changes to an action; a field left out stays. `version` is the one you read."""

    version: Version


class ActionFilter(Given):
    """Which actions to list."""

    owner_id: Id | None = None
    done: bool = Field(default=False, description="Those done, instead of those to do")
    cursor: Cursor | None = Field(default=None, description="The `next` of the page before")
    limit: Limit = 50


class ActionList(Part):
    """Actions with their cases, and the cursor of the next page."""

    items: list[DueAction]
    next: str | None

"""Saved filters, as the API takes and answers them."""

from __future__ import annotations

from pydantic import Field

from services.contracts.envelope import Part
from services.web.api.schemas.base import Given
from services.web.saved_filters import LONGEST_NAME, LONGEST_QUESTION, SavedFilter

QUESTION = (
    "The query string of the page of cases, such as state=open&tag=fire; with as=report that of"
    " a report"
)


class NewFilter(Given):
    """A filter to save."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    question: str = Field(max_length=LONGEST_QUESTION, description=QUESTION)
    shared: bool = Field(default=False, description="For everybody")


class FilterChange(Given):
    """Changes to a filter; a field left out stays."""

    name: str = Field(default="", min_length=1, max_length=LONGEST_NAME)
    question: str = Field(default="", max_length=LONGEST_QUESTION, description=QUESTION)
    shared: bool = False


class FilterList(Part):
    """Saved filters, and the cursor of the next page."""

    items: list[SavedFilter]
    next: str | None = None

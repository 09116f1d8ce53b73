"""Reports, as the API takes and answers them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.contracts.cases import State
from services.contracts.envelope import Part
from services.contracts.reports import ReportRow
from services.web.api.schemas.base import Day, Given, Id, Zone

CUT = r"(month|user|section|state|kind|category|partner|priority|custom\.[a-z][a-z0-9_]{0,49})"


class ReportFilter(Given):
    """What to report on."""

    by: str = Field(
        default="month,user,section,state",
        pattern=f"^{CUT}(,{CUT})*$",
        description="What rows are cut by, with commas between; custom.x is the custom field x",
    )
    date_from: Day | None = Field(default=None, description="First day of creation")
    date_to: Day | None = Field(default=None, description="Last day of creation")
    section_id: Id | None = None
    responsible_id: Id | None = None
    state: State | None = None
    kind: str | None = Field(default=None, max_length=50, description="The code of a kind")
    time_zone: Zone = "UTC"
    format: Literal["json", "csv"] | None = Field(
        default=None, description="csv for a table; so does the header 'Accept: text/csv'"
    )


class ReportTable(Part):
    """The rows; `as_of` is the number of case events taken in."""

    items: list[ReportRow]
    next: str | None = None
    as_of: int

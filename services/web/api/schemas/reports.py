"""Reports, as the API takes and answers them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from services.contracts.cases import Priority, State
from services.contracts.envelope import Part
from services.contracts.reports import ReportQuestion, ReportRow
from services.web.api.schemas.base import Day, Given, Id, Zone
from services.web.api.schemas.custom import CustomAsked, custom_asked
from services.web.report_figures import FIGURES, Figure, figures_called, want_percentiles

CUT = (
    r"(day|week|month|quarter|year|user|section|state|kind|category|partner|partner_category"
    r"|priority|custom\.[a-z][a-z0-9_]{0,49})"
)
FIGURE = f"({'|'.join(FIGURES)})"


class ReportFilter(Given):
    """What to report on."""

    by: str = Field(
        default="month,user,section,state",
        pattern=f"^{CUT}(,{CUT})*$",
        description="What rows are cut by, with commas between; custom.x is the custom field x",
    )
    columns: str | None = Field(
        default=None,
        pattern=f"^{CUT}(,{CUT})?$",
        description="What is cut by as well, one thing or two; brings the sums of rows and columns",
    )
    date_from: Day | None = Field(default=None, description="First day of creation")
    date_to: Day | None = Field(default=None, description="Last day of creation")
    section_id: Id | None = None
    responsible_id: Id | None = None
    state: State | None = None
    kind: str | None = Field(default=None, max_length=50, description="The code of a kind")
    category_id: Id | None = Field(default=None, description="With all below it")
    partner_id: Id | None = None
    partner_category_id: Id | None = Field(default=None, description="With all below it")
    priority: Priority | None = None
    custom: CustomAsked | None = Field(
        default=None,
        description='Custom fields by code, as JSON: {"serial": "X1"}; a person by his number',
    )
    currency: str | None = Field(
        default=None, pattern=r"^[A-Z]{3}$", description="All money in this currency"
    )
    percentiles: bool = Field(default=False, description="With median and 90th percentile")
    figures: str | None = Field(
        default=None,
        pattern=f"^{FIGURE}(,{FIGURE})*$",
        description="The figures of a table, with commas between; rows in JSON have them all",
    )
    time_zone: Zone = "UTC"
    format: Literal["json", "csv", "xlsx"] | None = Field(
        default=None,
        description="csv or xlsx for a table; so does the header 'Accept: text/csv'",
    )

    def figures_asked(self) -> tuple[Figure, ...]:
        """Those of a table."""
        return figures_called((self.figures or "").split(","))

    def question(self) -> ReportQuestion:
        """What reporting is asked."""
        given: dict[str, Any] = self.model_dump(exclude={"format", "figures"})
        given |= {
            "by": self.by.split(","),
            "columns": self.columns.split(",") if self.columns else (),
            "custom": custom_asked(self.custom),
            "percentiles": self.percentiles or want_percentiles(self.figures_asked()),
        }
        return ReportQuestion.model_validate(given)


class ReportTable(Part):
    """The rows, and where `columns` were asked for their sums.

    `without_rate` names the currencies that could not be turned into the one asked for. `more`:
    there are more rows than were answered. `as_of` is the number of case events taken in.
    """

    items: list[ReportRow]
    next: str | None = None
    row_totals: list[ReportRow] = Field(default_factory=list)
    column_totals: list[ReportRow] = Field(default_factory=list)
    totals: list[ReportRow] = Field(default_factory=list)
    without_rate: list[str] = Field(default_factory=list)
    more: bool = False
    as_of: int

"""What the reporting service is asked, and what it answers."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field

from services.contracts.cases import Priority, State
from services.contracts.envelope import Command, Part

Time = Literal["day", "week", "month", "quarter", "year"]
Thing = Literal[
    "user",
    "section",
    "state",
    "kind",
    "category",
    "partner",
    "partner_category",
    "priority",
]
Dimension = Literal[Time, Thing]
# The figures of a row (ReportRow), by the name of its field.
Figure = Literal[
    "count",
    "closed",
    "responded",
    "ever_closed",
    "reopened",
    "closed_with_deadline",
    "within_deadline",
    "responded_with_deadline",
    "within_response_deadline",
    "messages_in",
    "messages_out",
    "average_hours_to_close",
    "median_hours_to_close",
    "p90_hours_to_close",
    "average_hours_to_respond",
    "average_hours_draft",
    "average_hours_open",
    "average_hours_pending",
    "estimated_revenue",
    "estimated_cost",
    "weighted_revenue",
]
CUSTOM = "custom."  # and the code of a field of some kind
MOST_ROWS = 20_000
_CUSTOM_FIELD = re.compile(r"custom\.[a-z][a-z0-9_]{0,49}")


def _known(cut: str) -> str:
    if cut in get_args(Dimension) or _CUSTOM_FIELD.fullmatch(cut):
        return cut
    known = ", ".join(get_args(Dimension))
    raise ValueError(f"must be one of {known}, or custom. and the code of a field")


# What rows are cut by: a Dimension, or "custom." and the code of a custom field.
Cut = Annotated[str, AfterValidator(_known)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Seen(Part):
    """The cases of these sections, and those that this user is responsible for."""

    section_ids: tuple[int, ...] = ()
    responsible_id: int


class ReportQuestion(Part):
    """RPC `report`: sums of the cases created from `date_from` to `date_to` (both inclusive).

    `time_zone` decides on which day, and so in which month, a case was created. `by` names what
    the rows are cut by, in that order; "custom.serial" is the custom field of that code. A case
    whose partner is in several categories counts in the row of each. `columns` are cut by as
    well, and bring the sums of rows and columns with them.

    Sections and categories count with all below them. `custom` wants fields with these values,
    compared by text, a person by his number; "" are the cases without one. `currency` turns all
    money into that one, by the rate of the month in which a case was created. `percentiles`
    brings median and 90th percentile of the delay, which costs more. `figures` are those that
    are to be told, which is quicker: the others are as if there were none, but for `count`,
    `closed` and the percentiles. Without any named all are told. `seen`, where given, is what
    the asker may see: all else is as if it were not there.
    """

    by: tuple[Cut, ...] = ("month", "user", "section", "state")
    columns: tuple[Cut, ...] = Field(default=(), max_length=2)
    date_from: date | None = None
    date_to: date | None = None
    section_id: int | None = None
    responsible_id: int | None = None
    state: State | None = None
    kind: str | None = None
    category_id: int | None = None
    partner_id: int | None = None
    partner_category_id: int | None = None
    priority: Priority | None = None
    custom: dict[str, str] = Field(default_factory=dict, max_length=10)
    currency: Currency | None = None
    percentiles: bool = False
    figures: tuple[Figure, ...] = ()
    time_zone: str = "UTC"
    seen: Seen | None = None


class ReportRow(Part):
    """One row. Texts are None where `by` does not cut; `user` "" is "nobody", ids likewise.

    A day is "2026-11-25", a week "2026-W48" (ISO 8601, from Monday), a quarter "2026-Q4".
    `custom` holds the custom fields that are cut by, by code, a person by name; `custom_values`
    the same as `ReportQuestion.custom` takes them.

    `closed` are those of the cases that are done or cancelled; the average delay, the median
    and the 90th percentile are over them, None without one. The percentiles are those of delays
    in steps of 3 %: off by 2 % at most. `responded` have had a first answer by a person, the
    average is over them. `ever_closed` were closed at least once, `reopened` of them opened
    again at least once. Of the closed cases with a deadline `within_deadline` were closed by
    it, of the answered ones with a response deadline `within_response_deadline` were answered
    by it. Hours in a state are the average over the closed cases.

    Money is in `currency`; sums of different currencies stand in rows of their own.
    """

    day: str | None = None
    week: str | None = None
    month: str | None = None
    quarter: str | None = None
    year: str | None = None
    user: str | None = None
    user_id: int | None = None
    section: str | None = None
    section_id: int | None = None
    state: str | None = None
    kind: str | None = None
    category: str | None = None
    category_id: int | None = None
    partner: str | None = None
    partner_id: int | None = None
    partner_category: str | None = None
    partner_category_id: int | None = None
    priority: str | None = None
    custom: dict[str, str] = Field(default_factory=dict)
    custom_values: dict[str, str] = Field(default_factory=dict)
    currency: str = "EUR"
    count: int
    closed: int
    average_hours_to_close: float | None = None
    median_hours_to_close: float | None = None
    p90_hours_to_close: float | None = None
    responded: int = 0
    average_hours_to_respond: float | None = None
    ever_closed: int = 0
    reopened: int = 0
    closed_with_deadline: int = 0
    within_deadline: int = 0
    responded_with_deadline: int = 0
    within_response_deadline: int = 0
    messages_in: int = 0
    messages_out: int = 0
    average_hours_draft: float | None = None
    average_hours_open: float | None = None
    average_hours_pending: float | None = None
    estimated_revenue: Decimal = Decimal(0)
    estimated_cost: Decimal = Decimal(0)
    weighted_revenue: Decimal = Decimal(0)

    def cell(self, column: str) -> Any:
        """What stands in this column: one of `by`, or another field of the row."""
        if column.startswith(CUSTOM):
            return self.custom.get(column.removeprefix(CUSTOM))
        return getattr(self, column)


class Report(Part):
    """The answer of `report`; `as_of` is the number of case events taken in.

    `rows` are cut by `by` and `columns`, the totals by one of them or none; all in order. Where
    the question names no currency and cases have several, each has its own rows and totals.
    `without_rate` names the currencies that could not be turned into the one asked for: their
    money stands in rows of its own. `more`: there were more than MOST_ROWS rows.
    """

    rows: tuple[ReportRow, ...] = ()
    row_totals: tuple[ReportRow, ...] = ()
    column_totals: tuple[ReportRow, ...] = ()
    totals: tuple[ReportRow, ...] = ()
    without_rate: tuple[str, ...] = ()
    more: bool = False
    as_of: int = 0


class Rate(Part):
    """What one unit of `currency` is worth in the main currency, from a month ("2026-11") on."""

    currency: Currency
    month: str = Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")
    rate: Decimal = Field(gt=0, max_digits=24, decimal_places=12)


class Rates(Part):
    """RPC `get_rates`: the table of rates; `main` is the currency that they are told in."""

    main: Currency = "EUR"
    rates: tuple[Rate, ...] = ()
    version: int = 0


class SaveRates(Command):
    """Replaces the table of rates. RPC `save_rates`; answers it.

    Raises StaleVersion where somebody else was faster.
    """

    main: Currency = "EUR"
    rates: tuple[Rate, ...] = Field(default=(), max_length=5_000)
    version: int = 0

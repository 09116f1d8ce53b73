"""What the reporting service is asked, and what it answers."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field

from services.contracts.cases import State
from services.contracts.envelope import Part

Dimension = Literal["month", "user", "section", "state", "kind", "category", "partner", "priority"]
CUSTOM = "custom."  # and the code of a field of some kind
_CUSTOM_FIELD = re.compile(r"custom\.[a-z][a-z0-9_]{0,49}")


def _known(cut: str) -> str:
    if cut in get_args(Dimension) or _CUSTOM_FIELD.fullmatch(cut):
        return cut
    known = ", ".join(get_args(Dimension))
    raise ValueError(f"must be one of {known}, or custom. and the code of a field")


# What rows are cut by: a Dimension, or "custom." and the code of a custom field.
Cut = Annotated[str, AfterValidator(_known)]


class Seen(Part):
    """The cases of these sections, and those that this user is responsible for."""

    section_ids: tuple[int, ...] = ()
    responsible_id: int


class ReportQuestion(Part):
    """RPC `report`: sums of the cases created from `date_from` to `date_to` (both inclusive).

    `time_zone` decides in which month a case was created. `by` names what the rows are cut
    by, in that order; "custom.serial" is the custom field of that code. `custom` wants fields
    with these values, compared by text, a person by his number; "" are the cases without one.
    `seen`, where given, is what the asker may see: all else is as if it were not there.
    """

    by: tuple[Cut, ...] = ("month", "user", "section", "state")
    date_from: date | None = None
    date_to: date | None = None
    section_id: int | None = None
    responsible_id: int | None = None
    state: State | None = None
    kind: str | None = None
    custom: dict[str, str] = Field(default_factory=dict, max_length=10)
    time_zone: str = "UTC"
    seen: Seen | None = None


class ReportRow(Part):
    """One row. Texts are None where `by` does not cut; `user` "" is "nobody", ids likewise.

    `average_hours_to_close` is over the closed cases among them, None without one. Money is
    in `currency`; sums of different currencies stand in rows of their own. `custom` holds the
    custom fields that `by` names, by code, a person by name; `custom_values` the same as
    `ReportQuestion.custom` takes them.
    """

    month: str | None = None
    user: str | None = None
    user_id: int | None = None
    section: str | None = None
    section_id: int | None = None
    state: str | None = None
    kind: str | None = None
    category: str | None = None
    partner: str | None = None
    partner_id: int | None = None
    priority: str | None = None
    custom: dict[str, str] = Field(default_factory=dict)
    custom_values: dict[str, str] = Field(default_factory=dict)
    currency: str = "EUR"
    count: int
    closed: int
    average_hours_to_close: float | None = None
    estimated_revenue: Decimal = Decimal(0)
    estimated_cost: Decimal = Decimal(0)
    weighted_revenue: Decimal = Decimal(0)

    def cell(self, column: str) -> Any:
        """What stands in this column: one of `by`, or another field of the row."""
        if column.startswith(CUSTOM):
            return self.custom.get(column.removeprefix(CUSTOM))
        return getattr(self, column)


class Report(Part):
    """The answer of `report`; `as_of` is the number of case events taken in."""

    rows: tuple[ReportRow, ...] = ()
    as_of: int = 0

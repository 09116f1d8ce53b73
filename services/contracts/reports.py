"""What the reporting service is asked, and what it answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from services.contracts.cases import State
from services.contracts.envelope import Part

Dimension = Literal["month", "user", "section", "state", "kind", "category", "partner", "priority"]


class ReportQuestion(Part):
    """RPC `report`: sums of the cases created from `date_from` to `date_to` (both inclusive).

    `time_zone` decides in which month a case was created. `by` names what the rows are cut
    by, in that order.
    """

    by: tuple[Dimension, ...] = ("month", "user", "section", "state")
    date_from: date | None = None
    date_to: date | None = None
    section_id: int | None = None
    responsible_id: int | None = None
    state: State | None = None
    kind: str | None = None
    time_zone: str = "UTC"


class ReportRow(Part):
    """One row. Texts are None where `by` does not cut; `user` "" is "nobody", ids likewise.

    `average_hours_to_close` is over the closed cases among them, None without one. Money is
    in `currency`; sums of different currencies stand in rows of their own.
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
    currency: str = "EUR"
    count: int
    closed: int
    average_hours_to_close: float | None = None
    estimated_revenue: Decimal = Decimal(0)
    estimated_cost: Decimal = Decimal(0)
    weighted_revenue: Decimal = Decimal(0)


class Report(Part):
    """The answer of `report`; `as_of` is the number of case events taken in."""

    rows: tuple[ReportRow, ...] = ()
    as_of: int = 0

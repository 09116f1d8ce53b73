"""The figures that a report shows: what each is read from, and what sort of number it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.contracts.reports import ReportRow

Sort = Literal["number", "hours", "money", "share"]
Value = int | float | Decimal | None


@dataclass(frozen=True)
class Figure:
    """One figure. A share is the field `part` of a row divided by its field `whole`.

    `of_closed`: it tells of the closed cases of a row alone. `percentile`: it is only answered
    where the question asks for percentiles.
    """

    code: str
    sort: Sort = "number"
    part: str = ""
    whole: str = ""
    of_closed: bool = False
    percentile: bool = False

    def value(self, row: ReportRow | None) -> Value:
        """What stands in a row; None where there is nothing to tell it of."""
        if row is None:
            return None
        if self.sort == "share":
            whole: int = getattr(row, self.whole)
            return getattr(row, self.part) / whole if whole else None
        value: Value = getattr(row, self.code)
        return value


def _hours(code: str, *, of_closed: bool = True, percentile: bool = False) -> Figure:
    return Figure(code, "hours", of_closed=of_closed, percentile=percentile)


def _share(code: str, part: str, whole: str) -> Figure:
    return Figure(code, "share", part, whole)


_EVERY = (
    Figure("count"),
    Figure("closed", of_closed=True),
    _hours("average_hours_to_close"),
    _hours("median_hours_to_close", percentile=True),
    _hours("p90_hours_to_close", percentile=True),
    _hours("average_hours_to_respond", of_closed=False),
    Figure("estimated_revenue", "money"),
    Figure("estimated_cost", "money"),
    Figure("weighted_revenue", "money"),
    _share("reopen_share", "reopened", "ever_closed"),
    _share("within_deadline_share", "within_deadline", "closed_with_deadline"),
    _share("within_response_deadline_share", "within_response_deadline", "responded_with_deadline"),
    Figure("messages_in"),
    Figure("messages_out"),
    _hours("average_hours_open"),
    _hours("average_hours_pending"),
)
FIGURES = {figure.code: figure for figure in _EVERY}
USUAL = (
    *("count", "closed", "average_hours_to_close"),
    *("estimated_revenue", "estimated_cost", "weighted_revenue"),
)


def figures_called(codes: Iterable[str]) -> tuple[Figure, ...]:
    """Those that are called so, each once, in this order; the usual ones where none is."""
    known = [code for code in dict.fromkeys(codes) if code in FIGURES]
    return tuple(FIGURES[code] for code in known or USUAL)


def want_percentiles(figures: Iterable[Figure]) -> bool:
    """Whether one of them is only answered where the question asks for percentiles."""
    return any(figure.percentile for figure in figures)

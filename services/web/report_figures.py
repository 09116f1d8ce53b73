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

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of a row that it is read from."""
        return (self.part, self.whole) if self.sort == "share" else (self.code,)

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


def fields_of(figures: Iterable[Figure]) -> list[str]:
    """The fields of a row that these are read from, each once."""
    return list(dict.fromkeys(field for figure in figures for field in figure.fields))


def want_percentiles(figures: Iterable[Figure]) -> bool:
    """Whether one of them is only answered where the question asks for percentiles."""
    return any(figure.percentile for figure in figures)

"""The figures that a question is answered with, and which measures they are worked out of.

A report has thousands of rows, and whoever looks at three figures should not wait for thirty.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from services.reporting.model.measures import MEASURES

COUNTS = (
    *("count", "closed", "responded", "ever_closed", "reopened", "closed_with_deadline"),
    *("within_deadline", "responded_with_deadline", "within_response_deadline"),
    *("messages_in", "messages_out"),
)
# Averages in hours: the measure in milliseconds, and that of how many cases it is over.
AVERAGES = {
    "average_hours_to_close": ("milliseconds_to_close", "closed"),
    "average_hours_to_respond": ("milliseconds_to_respond", "responded"),
    "average_hours_draft": ("milliseconds_draft", "lived_through"),
    "average_hours_open": ("milliseconds_open", "lived_through"),
    "average_hours_pending": ("milliseconds_pending", "lived_through"),
}
# Money: what the measures of its two parts begin with.
AMOUNTS = {"estimated_revenue": "revenue", "estimated_cost": "cost", "weighted_revenue": "weighted"}
# Of distributions, not of sums: the share of cases that took no longer.
PERCENTILES = {"median_hours_to_close": 0.5, "p90_hours_to_close": 0.9}
ALWAYS = ("count", "closed")  # no row is without them


@dataclass(frozen=True)
class Figures:
    """Some of those above; `measures` is what sums hold for them, in order."""

    counts: tuple[str, ...]
    averages: tuple[str, ...]
    amounts: tuple[str, ...]
    percentiles: tuple[str, ...]
    measures: tuple[str, ...]

    def place(self, measure: str) -> int:
        """Where a measure stands in sums."""
        return self.measures.index(measure)

    def places_of_amount(self, amount: str) -> tuple[int, int]:
        """Where the high and the low part of an amount stand in sums."""
        name = AMOUNTS[amount]
        return self.place(f"{name}_high"), self.place(f"{name}_low")


def figures_called(names: Collection[str], *, percentiles: bool = False) -> Figures:
    """Those called so, and those that are always answered; all sums where none is named.

    `percentiles` wants all of these, named or not.
    """
    wanted = {*names, *ALWAYS} if names else {*COUNTS, *AVERAGES, *AMOUNTS}
    counts = tuple(name for name in COUNTS if name in wanted)
    averages = tuple(name for name in AVERAGES if name in wanted)
    amounts = tuple(name for name in AMOUNTS if name in wanted)
    shares = tuple(name for name in PERCENTILES if percentiles or name in wanted)
    needed = {
        *counts,
        *(measure for name in averages for measure in AVERAGES[name]),
        *(f"{AMOUNTS[name]}_{part}" for name in amounts for part in ("high", "low")),
    }
    measures = tuple(name for name in MEASURES if name in needed)
    return Figures(counts, averages, amounts, shares, measures)

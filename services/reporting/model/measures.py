"""What is added up: a case has each measure, and what any group of cases has is their sum.

A question is answered from such sums alone, so they can be kept for each month and moved from
one group to another as a case changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# Sums of 64-bit numbers overflow in SQLite: each amount is summed in two parts.
PART = 1_000_000_000

# Columns of a fact; NULL counts as 0.
STORED = (
    *("events", "closed", "milliseconds_to_close", "responded", "milliseconds_to_respond"),
    *("ever_closed", "reopened", "closed_with_deadline", "within_deadline"),
    *("responded_with_deadline", "within_response_deadline", "messages_in", "messages_out"),
    *("lived_through", "milliseconds_draft", "milliseconds_open", "milliseconds_pending"),
)
MONEY = tuple(
    f"{name}_{part}" for name in ("revenue", "cost", "weighted") for part in ("high", "low")
)
MEASURES = ("count", *STORED, *MONEY)

Sums = list[int]  # one number for each of MEASURES, or of those that are needed


def measures_of(fact: Mapping[str, Any]) -> Sums:
    """The measures of one case."""
    revenue, cost = fact["revenue_units"], fact["cost_units"]
    chance = fact["probability"] or 0
    return [1, *(fact[name] or 0 for name in STORED)] + [
        part * factor
        for units, factor in ((revenue or 0, 1), (cost or 0, 1), (revenue or 0, chance))
        for part in divmod(units, PART)
    ]


def added(sums: Sequence[Sequence[int]]) -> Sums:
    """The sums of several groups together."""
    return list(map(sum, zip(*sums, strict=True)))

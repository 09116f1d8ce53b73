"""From what the database summed up to the rows of a report, in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from services.contracts.cases import Priority, State
from services.contracts.reports import Dimension, ReportRow
from services.reporting.model.money import PLACES, from_units

# The dimensions whose values are numbers of things with names, and what they name.
NAMED: dict[Dimension, str] = {
    "user": "user",
    "section": "section",
    "category": "category",
    "partner": "partner",
}
# Those of a lifelong order; the rest is in order of the alphabet.
ORDERED: dict[Dimension, tuple[str, ...]] = {
    "state": get_args(State),
    "priority": get_args(Priority),
}
MILLISECONDS_AN_HOUR = 3_600_000


def row_of(by: Sequence[Dimension], part: int, record: Mapping[str, Any]) -> ReportRow:
    """The row for one group; an amount stands in it as `part` × `…_high` + `…_low` units."""
    texts: dict[str, Any] = {}
    for dimension in by:
        value = record[dimension]
        if dimension in NAMED:
            texts[dimension] = _name(value, record[f"{dimension}_name"])
            texts[f"{dimension}_id"] = value
        else:
            texts[dimension] = value
    return ReportRow(
        **texts,
        currency=record["currency"],
        count=record["count"],
        closed=record["closed"],
        average_hours_to_close=_average_hours(record["milliseconds"], record["timed"]),
        estimated_revenue=from_units(_units("revenue", part, record)),
        estimated_cost=from_units(_units("cost", part, record)),
        # A probability is in hundredths: two places more.
        weighted_revenue=from_units(_units("weighted", part, record), PLACES + 2),
    )


def sorted_rows(by: Sequence[Dimension], rows: Sequence[ReportRow]) -> list[ReportRow]:
    """The rows in order of what they are cut by, one dimension behind the other."""

    def place(row: ReportRow) -> tuple[Any, ...]:
        return (*(_place(dimension, row) for dimension in by), row.currency)

    return sorted(rows, key=place)


def _place(dimension: Dimension, row: ReportRow) -> tuple[Any, ...]:
    text = getattr(row, dimension)
    if dimension in ORDERED:
        return (ORDERED[dimension].index(text),)
    return (text.casefold(), getattr(row, f"{dimension}_id", None) or 0)


def _name(id: int | None, name: str | None) -> str:
    """Empty for nobody; a thing whose name has not come yet goes by its number."""
    if id is None:
        return ""
    return name if name is not None else f"#{id}"


def _average_hours(milliseconds: Any, count: int) -> float | None:
    return float(milliseconds) / count / MILLISECONDS_AN_HOUR if count else None


def _units(name: str, part: int, record: Mapping[str, Any]) -> int:
    return int(record[f"{name}_high"] or 0) * part + int(record[f"{name}_low"] or 0)

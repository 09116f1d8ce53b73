"""From what the database summed up to the rows of a report, in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from services.contracts.cases import Priority, State
from services.contracts.reports import CUSTOM, Cut, ReportRow
from services.reporting.model.custom_text import person_of, place
from services.reporting.model.money import PLACES, from_units

# The dimensions whose values are numbers of things with names, and what they name.
NAMED: dict[Cut, str] = {
    "user": "user",
    "section": "section",
    "category": "category",
    "partner": "partner",
}
# Those of a lifelong order; the rest is in order of the alphabet.
ORDERED: dict[Cut, tuple[str, ...]] = {
    "state": get_args(State),
    "priority": get_args(Priority),
}
MILLISECONDS_AN_HOUR = 3_600_000


def label(cut: Cut) -> str:
    """Its column in what the database answers; SQLite has its own mind about points in names."""
    return cut.replace(".", "_")


def row_of(
    by: Sequence[Cut], part: int, record: Mapping[str, Any], persons: Mapping[int, str]
) -> ReportRow:
    """The row for one group; an amount stands in it as `part` × `…_high` + `…_low` units.

    `persons` are the names of those that custom fields may hold.
    """
    texts: dict[str, Any] = {"custom": {}, "custom_values": {}}
    for cut in by:
        value = record[label(cut)]
        if cut.startswith(CUSTOM):
            code, person = cut.removeprefix(CUSTOM), person_of(value)
            plain = value[1:] if value else ""
            shown = plain if person is None else _name(person, persons.get(person))
            texts["custom"][code], texts["custom_values"][code] = shown, plain
        elif cut in NAMED:
            texts[cut] = _name(value, record[f"{cut}_name"])
            texts[f"{cut}_id"] = value
        else:
            texts[cut] = value
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


def sorted_rows(by: Sequence[Cut], rows: Sequence[ReportRow]) -> list[ReportRow]:
    """The rows in order of what they are cut by, one dimension behind the other."""

    def place_of(row: ReportRow) -> tuple[Any, ...]:
        return (*(_place(cut, row) for cut in by), row.currency)

    return sorted(rows, key=place_of)


def _place(cut: Cut, row: ReportRow) -> tuple[Any, ...]:
    text = row.cell(cut)
    if cut in ORDERED:
        return (ORDERED[cut].index(text),)
    if cut.startswith(CUSTOM):
        return (*place(text), row.custom_values[cut.removeprefix(CUSTOM)])
    return (text.casefold(), getattr(row, f"{cut}_id", None) or 0)


def _name(id: int | None, name: str | None) -> str:
    """Empty for nobody; a thing whose name has not come yet goes by its number."""
    if id is None:
        return ""
    return name if name is not None else f"#{id}"


def _average_hours(milliseconds: Any, count: int) -> float | None:
    return float(milliseconds) / count / MILLISECONDS_AN_HOUR if count else None


def _units(name: str, part: int, record: Mapping[str, Any]) -> int:
    return int(record[f"{name}_high"] or 0) * part + int(record[f"{name}_low"] or 0)

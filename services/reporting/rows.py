"""From groups to the rows of a report, in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, get_args

from sqlalchemy import Connection, select

from services.contracts.cases import Priority, State
from services.contracts.reports import CUSTOM, Cut, ReportRow
from services.reporting.model.custom_text import person_of, place
from services.reporting.model.groups import Group, Groups
from services.reporting.model.measures import PLACE
from services.reporting.model.money import PLACES, from_units
from services.reporting.model.steps import percentile
from services.reporting.tables import names

# The dimensions whose values are numbers of things with names, and what they name.
NAMED: dict[Cut, str] = {
    "user": "user",
    "section": "section",
    "category": "category",
    "partner": "partner",
    "partner_category": "partner_category",
}
# Those of a lifelong order; the rest is in order of the alphabet.
ORDERED: dict[Cut, tuple[str, ...]] = {
    "state": get_args(State),
    "priority": get_args(Priority),
}
COUNTS = (
    *("count", "closed", "responded", "ever_closed", "reopened", "closed_with_deadline"),
    *("within_deadline", "responded_with_deadline", "within_response_deadline"),
    *("messages_in", "messages_out"),
)
# Averages: the milliseconds, and over how many cases.
AVERAGES = {
    "average_hours_to_close": ("milliseconds_to_close", "closed"),
    "average_hours_to_respond": ("milliseconds_to_respond", "responded"),
    "average_hours_draft": ("milliseconds_draft", "lived_through"),
    "average_hours_open": ("milliseconds_open", "lived_through"),
    "average_hours_pending": ("milliseconds_pending", "lived_through"),
}
MILLISECONDS_AN_HOUR = 3_600_000
MOST_NAMES = 5_000  # in one question

Names = Mapping[str, Mapping[int, str]]


def names_for(connection: Connection, cuts: Sequence[Cut], groups: Groups) -> Names:
    """The present names of what the groups are cut by: by what it is, then by number."""
    found: dict[str, dict[int, str]] = {}
    for position, cut in enumerate(cuts):
        if cut in NAMED:
            ids = {texts[position] for texts, _ in groups if texts[position] is not None}
            found[NAMED[cut]] = _names(connection, NAMED[cut], sorted(ids))
        elif cut.startswith(CUSTOM):
            persons = {person_of(texts[position]) for texts, _ in groups} - {None}
            known = found.get("person", {})
            found["person"] = known | _names(connection, "user", sorted(filter(None, persons)))
    return found


def rows_of(cuts: Sequence[Cut], groups: Groups, names: Names) -> list[ReportRow]:
    """A row for each group, in order of what they are cut by, one behind the other."""
    rows = [
        row_of(cuts, texts, currency, group, names) for (texts, currency), group in groups.items()
    ]
    return sorted(rows, key=lambda row: (*(_place(cut, row) for cut in cuts), row.currency))


def row_of(
    cuts: Sequence[Cut], texts: Sequence[Any], currency: str, group: Group, names: Names
) -> ReportRow:
    """The row of one group."""
    fields: dict[str, Any] = {"custom": {}, "custom_values": {}, "currency": currency}
    for cut, value in zip(cuts, texts, strict=True):
        fields |= _named(cut, value, names, fields)
    sums = group.sums
    fields |= {name: sums[PLACE[name]] for name in COUNTS}
    for name, (milliseconds, cases) in AVERAGES.items():
        fields[name] = _average_hours(sums[PLACE[milliseconds]], sums[PLACE[cases]])
    if group.steps:
        fields["median_hours_to_close"] = percentile(group.steps, 0.5)
        fields["p90_hours_to_close"] = percentile(group.steps, 0.9)
    revenue, cost, weighted = group.money
    fields["estimated_revenue"] = _amount(revenue, PLACES)
    fields["estimated_cost"] = _amount(cost, PLACES)
    fields["weighted_revenue"] = _amount(weighted, PLACES + 2)  # a probability is in hundredths
    return ReportRow.model_construct(**fields)


def _named(cut: Cut, value: Any, names: Names, fields: dict[str, Any]) -> dict[str, Any]:
    if cut.startswith(CUSTOM):
        code, person = cut.removeprefix(CUSTOM), person_of(value)
        plain = value[1:] if value else ""
        shown = plain if person is None else _name(person, names["person"])
        return {
            "custom": {**fields["custom"], code: shown},
            "custom_values": {**fields["custom_values"], code: plain},
        }
    if cut in NAMED:
        return {cut: _name(value, names[NAMED[cut]]), f"{cut}_id": value}
    return {cut: value}


def _name(id: int | None, known: Mapping[int, str]) -> str:
    """Empty for nobody; a thing whose name has not come yet goes by its number."""
    return "" if id is None else known.get(id, f"#{id}")


def _names(connection: Connection, what: str, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for first in range(0, len(ids), MOST_NAMES):
        some = ids[first : first + MOST_NAMES]
        question = select(names.c.id, names.c.name)
        question = question.where(names.c.what == what, names.c.id.in_(some))
        found |= {row.id: row.name for row in connection.execute(question)}
    return found


def _place(cut: Cut, row: ReportRow) -> tuple[Any, ...]:
    text = row.cell(cut)
    if cut in ORDERED:
        return (ORDERED[cut].index(text),)
    if cut.startswith(CUSTOM):
        return (*place(text), row.custom_values[cut.removeprefix(CUSTOM)])
    return (text.casefold(), getattr(row, f"{cut}_id", None) or 0)


def _average_hours(milliseconds: int, count: int) -> float | None:
    return float(milliseconds) / count / MILLISECONDS_AN_HOUR if count else None


def _amount(units: Decimal | int, places: int) -> Decimal:
    """Exact, but in a currency that it was turned into: that is rounded to four decimals."""
    if isinstance(units, int):
        return from_units(units, places)
    return from_units(int((units.scaleb(PLACES - places)).to_integral_value(ROUND_HALF_EVEN)))

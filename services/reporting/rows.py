"""From groups to the rows of a report, in their order.

A report has thousands of rows and is asked for while somebody waits: a row is made as the JSON
that crosses the bus (contracts.reports.ReportRow, without what is nothing), and each name and
its place among others is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, get_args

from sqlalchemy import Connection, select

from services.contracts.cases import Priority, State
from services.contracts.reports import CUSTOM, Cut
from services.reporting.model.custom_text import person_of, place
from services.reporting.model.figures import AVERAGES, PERCENTILES, Figures
from services.reporting.model.groups import Group, Groups
from services.reporting.model.money import PLACES, text_of_units
from services.reporting.model.steps import percentile
from services.reporting.tables import names

Json = dict[str, Any]

# The dimensions whose values are numbers of things with names, and what they name.
NAMED = ("user", "section", "category", "partner", "partner_category")
# Those of a lifelong order; the rest is in order of the alphabet.
ORDERED: dict[Cut, tuple[str, ...]] = {
    "state": get_args(State),
    "priority": get_args(Priority),
}
# A probability is in hundredths: two places more.
AMOUNT_PLACES = {
    "estimated_revenue": PLACES,
    "estimated_cost": PLACES,
    "weighted_revenue": PLACES + 2,
}
MILLISECONDS_AN_HOUR = 3_600_000
MOST_NAMES = 5_000  # in one question


class Shown:
    """What each value of a cut is called in rows, and where it stands among the others."""

    def __init__(
        self, connection: Connection, cuts: Sequence[Cut], groups: Groups, figures: Figures
    ) -> None:
        self._figures = FiguresShown(figures)
        self._cells: dict[Cut, dict[Any, Json]] = {}
        self._places: dict[Cut, dict[Any, int]] = {}
        for position, cut in enumerate(cuts):
            values = {texts[position] for texts, _ in groups}
            cells = _cells(connection, cut, values)
            order = sorted(values, key=lambda value: _place(cut, cells[value], value))
            self._cells[cut] = cells
            self._places[cut] = {value: place for place, value in enumerate(order)}

    def rows(self, cuts: Sequence[Cut], groups: Groups) -> list[Json]:
        """A row for each group, in order of what they are cut by, one behind the other."""
        places = [self._places[cut] for cut in cuts]
        cells = [self._cells[cut] for cut in cuts]
        merges = [_merge if cut.startswith(CUSTOM) else dict[str, Any].update for cut in cuts]

        def place_of(key: tuple[tuple[Any, ...], str]) -> tuple[Any, ...]:
            texts, currency = key
            return (*[one[text] for one, text in zip(places, texts, strict=True)], currency)

        found = []
        for key in sorted(groups, key=place_of):
            row: Json = {"currency": key[1]}
            for merge, one, text in zip(merges, cells, key[0], strict=True):
                merge(row, one[text])
            self._figures.put(groups[key], row)
            found.append(row)
        return found


def _cells(connection: Connection, cut: Cut, values: set[Any]) -> dict[Any, Json]:
    """What stands in a row for each of these values of a cut."""
    if cut in NAMED:
        called = look_up_names(connection, cut, values)
        return {value: {cut: called[value], f"{cut}_id": value} for value in values}
    if not cut.startswith(CUSTOM):
        return {value: {cut: value} for value in values}
    code = cut.removeprefix(CUSTOM)
    persons = {value: person_of(value) for value in values}
    called = look_up_names(connection, "user", set(persons.values()))
    return {
        value: {
            "custom": {code: _plain(value) if person is None else called[person]},
            "custom_values": {code: _plain(value)},
        }
        for value, person in persons.items()
    }


def _plain(text: str | None) -> str:
    return text[1:] if text else ""


def _merge(row: Json, cells: Json) -> None:
    """Custom fields stand beside those that the row has already."""
    for name, value in cells.items():
        row[name] = {**row.get(name, {}), **value}


class FiguresShown:
    """What the figures asked for are in the row of each group."""

    def __init__(self, figures: Figures) -> None:
        self._counts = [(name, figures.place(name)) for name in figures.counts]
        self._averages = [
            (name, figures.place(AVERAGES[name][0]), figures.place(AVERAGES[name][1]))
            for name in figures.averages
        ]
        self._percentiles = [(name, PERCENTILES[name]) for name in figures.percentiles]
        self._amounts = [(name, AMOUNT_PLACES[name]) for name in figures.amounts]

    def put(self, group: Group, row: Json) -> None:
        """Put the figures of a group into its row, without what is 0 or cannot be told."""
        sums = group.sums
        for name, position in self._counts:
            row[name] = sums[position]
        for name, milliseconds, cases in self._averages:
            if sums[cases]:
                row[name] = sums[milliseconds] / sums[cases] / MILLISECONDS_AN_HOUR
        if group.steps:
            for name, share in self._percentiles:
                row[name] = percentile(group.steps, share)
        for (name, places), units in zip(self._amounts, group.money, strict=True):
            if units:
                row[name] = amount_text(units, places)


def look_up_names(
    connection: Connection, what: str, ids: Iterable[int | None]
) -> Mapping[Any, str]:
    """What each is called: empty for nobody; what has no name yet goes by its number."""
    wanted = sorted(id for id in ids if id is not None)
    found: dict[int | None, str] = {None: ""} | {id: f"#{id}" for id in wanted}
    for first in range(0, len(wanted), MOST_NAMES):
        some = wanted[first : first + MOST_NAMES]
        question = select(names.c.id, names.c.name)
        question = question.where(names.c.what == what, names.c.id.in_(some))
        found |= {row.id: row.name for row in connection.execute(question)}
    return found


def _place(cut: Cut, cells: Json, value: Any) -> tuple[Any, ...]:
    if cut in ORDERED:
        return (ORDERED[cut].index(value),)
    if cut.startswith(CUSTOM):
        code = cut.removeprefix(CUSTOM)
        return (*place(cells["custom"][code]), cells["custom_values"][code], value or "")
    return (cells[cut].casefold(), cells.get(f"{cut}_id") or 0)


def amount_text(units: Decimal | int, places: int) -> str:
    """Exact, but in a currency that it was turned into: that is rounded to four decimals."""
    if isinstance(units, int):
        return text_of_units(units, places)
    rounded = units.scaleb(PLACES - places).to_integral_value(ROUND_HALF_EVEN)
    return text_of_units(int(rounded))

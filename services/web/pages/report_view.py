"""The table of a report as its page shows it: words, links, and what the graph is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from services.contracts.reports import ReportRow
from services.web.access.asking import asking_user
from services.web.access.roles import may
from services.web.pages.case_graph import colour
from services.web.pages.report_links import CaseLinks
from services.web.pages.report_words import cut_text, figure_text
from services.web.report_figures import Figure, Value
from services.web.report_table import Line, ReportTable, key_of

MOST_LINES = 1000
MOST_COLUMNS = 60
FORMS = {"user": "users.edit", "section": "sections.edit", "partner": "partners.edit"}


@dataclass(frozen=True)
class Head:
    """What a line is cut by: its text, the form of what it names, and whether it stood above."""

    text: str
    address: str | None
    repeated: bool


@dataclass(frozen=True)
class Cell:
    """A figure: as text and as number, the cases behind it, the group of columns it is in."""

    figure: Figure
    text: str
    value: Value
    address: str | None
    part: int | None


@dataclass(frozen=True)
class ShownLine:
    """A line; `is_first`: the first thing that lines are cut by is another than above."""

    heads: tuple[Head, ...]
    currency: str
    cells: tuple[Cell, ...]
    is_first: bool

    @property
    def name(self) -> str:
        """What the line is called where there is room for one text."""
        return " · ".join(head.text for head in self.heads)


@dataclass(frozen=True)
class Group:
    """A group of columns: its name and the class of its colour."""

    name: str
    colour: str


class ReportView:
    """What the template asks; `kinds` are names by code."""

    def __init__(self, table: ReportTable, links: CaseLinks, kinds: Mapping[str, str]) -> None:
        self.table = table
        self._links = links
        self._kinds = kinds
        self.groups = self._groups()
        self.lines = self._lines()
        self.foot = tuple(
            ShownLine((), line.names.currency, self._cells(line, (), self._column_cuts()), False)
            for line in table.foot
        )

    @property
    def lines_left_out(self) -> int:
        """How many lines only the files have."""
        return max(0, len(self.table.lines) - MOST_LINES)

    @property
    def columns_left_out(self) -> int:
        """How many groups of columns only the files have."""
        return max(0, len(self.table.columns) - MOST_COLUMNS)

    @property
    def most(self) -> int:
        """The largest number of cases in a line."""
        return max((line.whole.count for line in self.table.lines if line.whole), default=0)

    def _groups(self) -> tuple[Group, ...]:
        cut = self.table.column
        if cut is None:
            return ()
        return tuple(
            Group(
                cut_text(cut, row, self._kinds),
                colour("state" if cut == "state" else None, row.state or "", place),
            )
            for place, row in enumerate(self.table.columns[:MOST_COLUMNS])
        )

    def _lines(self) -> tuple[ShownLine, ...]:
        found: list[ShownLine] = []
        above: ReportRow | None = None
        by = self.table.by
        for line in self.table.lines[:MOST_LINES]:
            heads = self._heads(line.names, above)
            cells = self._cells(line, by, (*by, *self._column_cuts()))
            is_first = len(by) > 1 and above is not None and not heads[0].repeated
            found.append(ShownLine(heads, line.names.currency, cells, is_first))
            above = line.names
        return tuple(found)

    def _heads(self, row: ReportRow, above: ReportRow | None) -> tuple[Head, ...]:
        """Each cut; what says the same as the line above is told as such, but never all of it."""
        same, found = above is not None, []
        for place, cut in enumerate(self.table.by):
            last = place == len(self.table.by) - 1
            same = same and above is not None and key_of(row, (cut,)) == key_of(above, (cut,))
            text = cut_text(cut, row, self._kinds)
            found.append(Head(text, _form_of(cut, row), same and not last))
        return tuple(found)

    def _cells(
        self, line: Line, whole_cuts: tuple[str, ...], part_cuts: tuple[str, ...]
    ) -> tuple[Cell, ...]:
        found: list[Cell] = []
        for part, row in enumerate(line.parts[:MOST_COLUMNS]):
            found += [self._cell(figure, row, part_cuts, part) for figure in self.table.figures]
        found += [self._cell(figure, line.whole, whole_cuts, None) for figure in self.table.figures]
        return tuple(found)

    def _cell(
        self, figure: Figure, row: ReportRow | None, cuts: tuple[str, ...], part: int | None
    ) -> Cell:
        value = figure.value(row)
        text = "" if row is None else figure_text(figure, value)
        return Cell(figure, text, value, self._links.of(row, cuts, figure), part)

    def _column_cuts(self) -> tuple[str, ...]:
        return (self.table.column,) if self.table.column else ()


def _form_of(cut: str, row: ReportRow) -> str | None:
    """The form of the user, section or partner that a row names, for whom it is open."""
    endpoint = FORMS.get(cut)
    id = getattr(row, f"{cut}_id") if endpoint else None
    if endpoint is None or id is None or not may(asking_user().role, endpoint):
        return None
    return url_for(endpoint, id=id)

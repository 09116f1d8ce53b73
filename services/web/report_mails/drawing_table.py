"""From the table of a report to its graph."""

from __future__ import annotations

from collections.abc import Mapping

from services.contracts.reports import ReportRow
from services.web.pages.case_graph import colour
from services.web.pages.report_view import MOST_COLUMNS
from services.web.pages.report_words import FIGURE_WORDS, cut_text, figure_text
from services.web.report_figures import Figure
from services.web.report_mails.drawing import ACCENT, Drawing, Series
from services.web.report_table import Line, ReportTable
from services.web.translation import language

MOST_GROUPS = 40  # as the graph of the page
# The colours of the page on white, by the class that `colour` answers.
COLOURS = {
    "is-colour-0": "#4a55c8",
    "is-colour-1": "#c9761a",
    "is-colour-2": "#2c8a68",
    "is-colour-3": "#b23a72",
    "is-colour-4": "#3d8fc4",
    "is-colour-5": "#8a6d1f",
    "is-colour-6": "#7a4fc0",
    "is-colour-7": "#6b7280",
    "is-draft": "#646872",
    "is-open": "#2062c0",
    "is-pending": "#8f5b00",
    "is-done": "#1a7041",
    "is-cancelled": "#bc2e26",
}


def drawing_of(table: ReportTable, shape: str, kinds: Mapping[str, str]) -> Drawing:
    """The graph of the first figure, as the page draws it; `kinds` are names by code."""
    figure, lines = table.figures[0], table.lines[:MOST_GROUPS]
    return Drawing(
        shape=shape,
        title=FIGURE_WORDS[figure.code],
        sort=figure.sort,
        language=language(),
        groups=tuple(_name(table, line, kinds) for line in lines),
        series=_series(table, figure, lines, kinds),
    )


def is_too_large(table: ReportTable) -> bool:
    """Whether the graph leaves out some of the table."""
    return len(table.lines) > MOST_GROUPS or len(table.columns) > MOST_COLUMNS


def _name(table: ReportTable, line: Line, kinds: Mapping[str, str]) -> str:
    texts = [cut_text(cut, line.names, kinds) for cut in table.by]
    if table.several_currencies:
        texts.append(line.names.currency)
    return " · ".join(texts)


def _series(
    table: ReportTable, figure: Figure, lines: tuple[Line, ...], kinds: Mapping[str, str]
) -> tuple[Series, ...]:
    cut = table.column
    if cut is None:
        name = FIGURE_WORDS[figure.code]
        return (_one(name, ACCENT, figure, tuple(line.whole for line in lines)),)
    return tuple(
        _one(
            cut_text(cut, column, kinds),
            COLOURS[colour("state" if cut == "state" else None, column.state or "", place)],
            figure,
            tuple(line.parts[place] for line in lines),
        )
        for place, column in enumerate(table.columns[:MOST_COLUMNS])
    )


def _one(name: str, shade: str, figure: Figure, rows: tuple[ReportRow | None, ...]) -> Series:
    values = tuple(figure.value(row) for row in rows)
    return Series(
        name=name,
        colour=shade,
        values=tuple(None if value is None else float(value) for value in values),
        texts=tuple("" if value is None else figure_text(figure, value) for value in values),
    )

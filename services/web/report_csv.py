"""A report as comma-separated values (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from services.contracts.reports import ReportRow
from services.web.report_figures import Figure
from services.web.report_table import Line, ReportTable

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
ALL = "all"


def report_csv(table: ReportTable) -> Iterator[str]:
    """One line of names, then one line a row; what rows are cut by comes first.

    All by code, as programs read it. A pivot ends with the totals of its columns, their cuts
    empty; a plain table has its rows alone, so that they can be added. Hours have two places,
    shares (of 1) four.
    """
    yield _line(csv_heads(table))
    for line in table.lines:
        names = (cell(line.names.cell(cut)) for cut in table.by)
        yield _line([*names, *_figures(table, line)])
    for line in table.foot if table.columns else ():
        yield _line([*("" for _ in table.by), *_figures(table, line)])


def csv_heads(table: ReportTable) -> list[str]:
    """What the columns are called, by code."""
    return [*table.by, "currency", *(str(cell(head)) for head in _heads(table))]


def cell(value: object) -> object:
    """A value that a spreadsheet takes for what it is, whatever a stranger is called."""
    if isinstance(value, str) and value.startswith(STARTS_A_FORMULA):
        return "'" + value
    if isinstance(value, float):
        return round(value, 2)
    return "" if value is None else value


def _heads(table: ReportTable) -> Iterator[str]:
    """The code of each figure, in a pivot behind that of its group of columns."""
    if table.column is None:
        yield from (figure.code for figure in table.figures)
        return
    groups = [*(str(row.cell(table.column) or "") for row in table.columns), ALL]
    yield from (f"{group} {figure.code}".strip() for group in groups for figure in table.figures)


def _figures(table: ReportTable, line: Line) -> Iterator[object]:
    yield line.names.currency
    for row in (*line.parts, line.whole):
        yield from (_figure(figure, row) for figure in table.figures)


def _figure(figure: Figure, row: ReportRow | None) -> object:
    value = figure.value(row)
    return round(value, 4) if figure.sort == "share" and value is not None else cell(value)


def _line(values: Iterable[object]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerow(values)
    return file.getvalue()

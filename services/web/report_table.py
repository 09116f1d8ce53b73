"""A report as a table, the same for the page, for files and for the graph.

Without a cut of columns every line is a row of the report. With one the table is a pivot: a
group of cells for each value of the column, and the row's total at its end. No sum is made
here: averages cannot be added, so every total is one that the reporting service answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from services.contracts.reports import CUSTOM, Report, ReportQuestion, ReportRow
from services.web.report_figures import Figure

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Line:
    """`names` tells what the line is cut by; a part is None where there is no such case."""

    names: ReportRow
    parts: tuple[ReportRow | None, ...]
    whole: ReportRow | None


@dataclass(frozen=True)
class ReportTable:
    """`columns` has a row for each group of cells, to name it by; empty without such a cut."""

    by: tuple[str, ...]
    column: str | None
    columns: tuple[ReportRow, ...]
    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]
    foot: tuple[Line, ...]
    currencies: tuple[str, ...]

    @property
    def several_currencies(self) -> bool:
        """Whether a line has to say in which currency its money is."""
        return len(self.currencies) > 1


def report_table(
    question: ReportQuestion, report: Report, figures: Sequence[Figure]
) -> ReportTable:
    """The table of an answer; two columns at once are told as rows."""
    pivot = len(question.columns) == 1
    by = question.by if pivot else (*question.by, *question.columns)
    columns = _columns(question, report) if pivot else ()
    lines = _pivoted(question, report, columns) if pivot else _plain(report.rows)
    every = [*report.totals, *report.rows]
    return ReportTable(
        by=by,
        column=question.columns[0] if pivot else None,
        columns=columns,
        figures=tuple(figures),
        lines=lines,
        foot=_foot(question, report, columns),
        currencies=tuple(dict.fromkeys(row.currency for row in every)),
    )


def key_of(row: ReportRow, cuts: Iterable[str]) -> Key:
    """What tells a row from others: two users of one name are two."""
    return tuple(_one_key(row, cut) for cut in cuts)


def _one_key(row: ReportRow, cut: str) -> Key:
    if cut.startswith(CUSTOM):
        return (row.custom_values.get(cut.removeprefix(CUSTOM)), row.cell(cut))
    return (getattr(row, f"{cut}_id", None), row.cell(cut))


def _plain(rows: Sequence[ReportRow]) -> tuple[Line, ...]:
    return tuple(Line(row, (), row) for row in rows)


def _columns(question: ReportQuestion, report: Report) -> tuple[ReportRow, ...]:
    """One row for each value of the column, in the order of its totals."""
    found: dict[Key, ReportRow] = {}
    for row in (*report.column_totals, *report.rows):
        found.setdefault(key_of(row, question.columns), row)
    return tuple(found.values())


def _pivoted(
    question: ReportQuestion, report: Report, columns: Sequence[ReportRow]
) -> tuple[Line, ...]:
    wholes = {_line_key(row, question.by): row for row in report.row_totals}
    names = dict(wholes)
    parts: dict[tuple[Key, Key], ReportRow] = {}
    for row in report.rows:
        line = _line_key(row, question.by)
        names.setdefault(line, row)
        parts[line, key_of(row, question.columns)] = row
    keys = [key_of(column, question.columns) for column in columns]
    return tuple(
        Line(name, tuple(parts.get((line, key)) for key in keys), wholes.get(line))
        for line, name in names.items()
    )


def _foot(
    question: ReportQuestion, report: Report, columns: Sequence[ReportRow]
) -> tuple[Line, ...]:
    totals = {_line_key(row, question.columns): row for row in report.column_totals}
    keys = [key_of(column, question.columns) for column in columns]
    return tuple(
        Line(whole, tuple(totals.get((key, whole.currency)) for key in keys), whole)
        for whole in report.totals
    )


def _line_key(row: ReportRow, cuts: Iterable[str]) -> Key:
    return (key_of(row, cuts), row.currency)

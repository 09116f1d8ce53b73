"""A report as a workbook (Office Open XML): numbers are numbers, and text is never a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from services.contracts.reports import ReportRow
from services.web.report_figures import Figure
from services.web.report_table import Line, ReportTable

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_IN_MEMORY = 2_000_000
FORMATS = {"number": "0", "hours": "#,##0.0", "money": "#,##0.00", "share": "0.0%"}
DATES = {"day": "yyyy-mm-dd", "month": "mmm yyyy"}
WIDTH = 16
# A cut and a row to the text that people read there.
CutText = Callable[[str, ReportRow], str]


def report_xlsx(
    table: ReportTable, heads: Sequence[str], cut_text: CutText, total: str
) -> IO[bytes]:
    """The workbook, to be read from its beginning; the first row is of names and stays in sight.

    `heads` are the names of all columns, as `head_count` counts them; `total` heads the last
    rows, which are the totals.
    """
    file = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 - who reads it closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(file, options) as book:
        _Sheet(book, table, cut_text).write(heads, total)
    file.seek(0)
    return file


class _Sheet:
    def __init__(self, book: Workbook, table: ReportTable, cut_text: CutText) -> None:
        self._sheet: Worksheet = book.add_worksheet()
        self._table = table
        self._cut_text = cut_text
        self._bold = book.add_format({"bold": True})
        known = FORMATS | DATES
        self._formats = {name: book.add_format({"num_format": how}) for name, how in known.items()}
        self._bold_formats = {
            name: book.add_format({"num_format": how, "bold": True}) for name, how in known.items()
        }

    def write(self, heads: Sequence[str], total: str) -> None:
        """Names, lines and totals, in this order: what was written is not kept in memory."""
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, max(0, len(heads) - 1), WIDTH)
        for place, head in enumerate(heads):
            self._sheet.write_string(0, place, head, self._bold)
        at = 0
        for line in self._table.lines:
            at += 1
            for place, cut in enumerate(self._table.by):
                self._name(at, place, cut, line.names)
            self._figures(at, line, self._formats)
        for line in self._table.foot:
            at += 1
            self._sheet.write_string(at, 0, total, self._bold)
            self._figures(at, line, self._bold_formats)

    def _name(self, at: int, place: int, cut: str, row: ReportRow) -> None:
        value = row.cell(cut)
        if value and cut in DATES:
            day = date.fromisoformat(value if cut == "day" else f"{value}-01")
            self._sheet.write_datetime(at, place, day, self._formats[cut])
        else:
            self._sheet.write_string(at, place, self._cut_text(cut, row))

    def _figures(self, at: int, line: Line, formats: dict[str, Any]) -> None:
        place = len(self._table.by)
        self._sheet.write_string(at, place, line.names.currency)
        for figure, row in _cells(self._table, line):
            place += 1
            value = figure.value(row)
            if value is not None:
                self._sheet.write_number(at, place, value, formats[figure.sort])


def _cells(table: ReportTable, line: Line) -> Iterator[tuple[Figure, ReportRow | None]]:
    for row in (*line.parts, line.whole):
        yield from ((figure, row) for figure in table.figures)

"""A report as a workbook in the words of its page, to be downloaded or mailed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from services.contracts.directory import Kind
from services.web.pages.report_question import custom_cuts
from services.web.pages.report_words import cut_text, file_heads
from services.web.report_table import ReportTable
from services.web.report_xlsx import report_xlsx
from services.web.translation import pgettext


def report_workbook(table: ReportTable, kinds: Sequence[Kind]) -> IO[bytes]:
    """The workbook of the whole table, to be read from its beginning."""
    names = {kind.code: kind.name for kind in kinds}
    return report_xlsx(
        table,
        file_heads(table, custom_cuts(kinds), names),
        lambda cut, row: cut_text(cut, row, names),
        pgettext("cases", "All"),
    )

"""What the mail with a report says: its totals, where the whole of it is, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from services.contracts.reports import Report
from services.web.pages.report_words import FIGURE_WORDS, figure_text
from services.web.report_mails.drawing_table import MOST_GROUPS
from services.web.report_table import ReportTable
from services.web.translation import gettext


def mail_text(
    table: ReportTable,
    report: Report,
    *,
    link: str,
    owner: str,
    without_picture: bool,
    picture_is_cut: bool,
) -> str:
    """The text of the mail, in the language of its owner."""
    parts = [*_totals(table)] if table.lines else [gettext("There is nothing to report.")]
    if report.without_rate:
        currencies = ", ".join(report.without_rate)
        parts.append(
            gettext(
                "There is no rate for %(currencies)s: this money stands in lines of its own.",
                currencies=currencies,
            )
        )
    if report.more:
        parts.append(
            gettext("These are more lines than a report can have; the last ones are left out.")
        )
    if without_picture:
        parts.append(gettext("The graph could not be drawn this time; the workbook holds all."))
    if picture_is_cut:
        parts.append(
            gettext(
                "The graph shows the first %(number)s lines; the workbook holds all.",
                number=MOST_GROUPS,
            )
        )
    parts.append(gettext("The report in Casewire:") + f"\n{link}")
    parts.append(gettext("%(name)s has this report mailed regularly.", name=owner))
    return "\n\n".join(parts) + "\n"


def _totals(table: ReportTable) -> Iterator[str]:
    for line in table.foot:
        head = gettext("All, %(currency)s", currency=line.names.currency)
        figures = [
            f"{FIGURE_WORDS[figure.code]}: {figure_text(figure, figure.value(line.whole))}"
            for figure in table.figures
        ]
        yield "\n".join([head, *figures])

"""What the parts of a report are called on its page and in its files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel.numbers import format_percent

from services.contracts.reports import CUSTOM, ReportRow
from services.web.pages import moments
from services.web.pages.group_words import WITHOUT
from services.web.pages.word_table import Words
from services.web.pages.words import PRIORITIES, STATES
from services.web.report_figures import Figure, Value
from services.web.report_table import ReportTable
from services.web.translation import gettext, gettext_noop, locale, pgettext, pgettext_noop

CUTS = Words(
    {
        "day": pgettext_noop("a span of time", "Day"),
        "week": pgettext_noop("a span of time", "Week"),
        "month": gettext_noop("Month"),
        "quarter": pgettext_noop("a span of time", "Quarter"),
        "year": pgettext_noop("a span of time", "Year"),
        "user": gettext_noop("User"),
        "section": gettext_noop("Section"),
        "state": gettext_noop("State"),
        "kind": gettext_noop("Kind"),
        "category": gettext_noop("Category"),
        "partner": gettext_noop("Partner"),
        "partner_category": gettext_noop("Partner category"),
        "priority": gettext_noop("Priority"),
    }
)
FIGURE_WORDS = Words(
    {
        "count": gettext_noop("Cases"),
        "closed": gettext_noop("Closed"),
        "average_hours_to_close": gettext_noop("Delay to close"),
        "median_hours_to_close": gettext_noop("Median delay"),
        "p90_hours_to_close": gettext_noop("9 of 10 closed within"),
        "average_hours_to_respond": gettext_noop("Delay to first answer"),
        "estimated_revenue": gettext_noop("Revenue"),
        "estimated_cost": gettext_noop("Cost"),
        "weighted_revenue": gettext_noop("Weighted"),
        "reopen_share": gettext_noop("Reopened"),
        "within_deadline_share": gettext_noop("Closed in time"),
        "within_response_deadline_share": gettext_noop("Answered in time"),
        "messages_in": gettext_noop("Messages in"),
        "messages_out": gettext_noop("Messages out"),
        "average_hours_open": gettext_noop("Time open"),
        "average_hours_pending": gettext_noop("Time pending"),
    }
)
SHAPES = Words(
    {
        "bar": pgettext_noop("a graph", "Bars"),
        "line": pgettext_noop("a graph", "Line"),
        "stacked": pgettext_noop("a graph", "Stacked bars"),
        "heat": pgettext_noop("a graph", "Heat map"),
    }
)
VIEWS = Words(
    {"table": pgettext_noop("a view", "Table"), "graph": pgettext_noop("a view", "Graph")}
)
PERIODS = Words(
    {
        "this_month": gettext_noop("This month"),
        "last_month": gettext_noop("Last month"),
        "this_year": gettext_noop("This year"),
        "last_12_months": gettext_noop("Last 12 months"),
    }
)
NAMELESS = "–"


def cut_name(cut: str, customs: Mapping[str, str]) -> str:
    """What rows are cut by, as its column is headed; `customs` are names by "custom.code"."""
    return customs.get(cut) or CUTS.get(cut) or cut.removeprefix(CUSTOM)


def cut_text(cut: str, row: ReportRow, kinds: Mapping[str, str]) -> str:
    """What a row has there, as people read it; `kinds` are names by code."""
    value = row.cell(cut)
    if not value:
        return WITHOUT.get("responsible" if cut == "user" else cut) or NAMELESS
    known: Mapping[str, str]
    match cut:
        case "state":
            known = STATES
        case "priority":
            known = PRIORITIES
        case "kind":
            known = kinds
        case "day" | "week" | "month" | "quarter":
            return _time_text(cut, value)
        case _:
            known = {}
    return known.get(value) or str(value)


def file_heads(
    table: ReportTable, customs: Mapping[str, str], kinds: Mapping[str, str]
) -> list[str]:
    """What the columns of a file for people are called; those of a pivot behind their group."""
    heads = [*(cut_name(cut, customs) for cut in table.by), gettext("Currency")]
    figures = [FIGURE_WORDS[figure.code] for figure in table.figures]
    if table.column is None:
        return heads + figures
    groups = [*(cut_text(table.column, row, kinds) for row in table.columns)]
    return heads + [
        f"{group} · {figure}" for group in (*groups, pgettext("cases", "All")) for figure in figures
    ]


def figure_text(figure: Figure, value: Value) -> str:
    """A figure as people read it; a dash where there is none, and for no money."""
    if value is None or (figure.sort == "money" and not value):
        return NAMELESS
    match figure.sort:
        case "hours":
            return moments.hours(float(value))
        case "money":
            return moments.amount(value)  # type: ignore[arg-type]
        case "share":
            return str(format_percent(round(float(value), 2), locale=locale()))
        case _:
            return moments.decimal(float(value), 0)


def _time_text(cut: str, value: str) -> str:
    match cut:
        case "day":
            return moments.day(date.fromisoformat(value))
        case "month":
            return moments.month(value)
        case "week":
            year, _, week = value.partition("-W")
            return gettext("Week %(week)s, %(year)s", week=int(week), year=year)
        case _:
            year, _, quarter = value.partition("-Q")
            return gettext("Q%(quarter)s %(year)s", quarter=quarter, year=year)

"""The graph: how many cases a question finds, drawn, and told in an equal table (C4)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from services.contracts.case_views import CaseCounts, CountQuestion, Cut, GroupCount
from services.contracts.errors import InvalidRequest
from services.web.pages.case_question import group_pairs, list_address, read_question
from services.web.pages.form import Form
from services.web.pages.group_words import CUTS, CUTS_WITHIN, cut_called, group_name
from services.web.pages.question_page import has_no_case, question_context
from services.web.pages.word_table import Words
from services.web.translation import gettext, pgettext_noop
from services.web.wiring import wired

blueprint = Blueprint("case_graph", __name__, url_prefix="/cases/graph")

SHAPES = Words(
    {
        "bar": pgettext_noop("a graph", "Bars"),
        "line": pgettext_noop("a graph", "Line"),
        "pie": pgettext_noop("a graph", "Pie"),
    }
)
COLOURS = 8
STATE_COLOURS = ("draft", "open", "pending", "done", "cancelled")
NO_QUESTION = {"by": None, "then": None, "shape": None, "cursor": None}


@dataclass(frozen=True)
class Cell:
    """A number in the table, and the list of just these cases (None: no list shows them)."""

    count: int
    address: str | None


@dataclass(frozen=True)
class Column:
    """What the cells below it have in common, and the class of its colour."""

    name: str
    colour: str


@dataclass(frozen=True)
class Row:
    """A group: its name, its parts in the order of the columns, and all of it."""

    name: str
    colour: str
    parts: list[Cell]
    whole: Cell


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The graph and its table."""
    form = Form(request.args)
    asked = read_question(form, wired().directory)
    by: Cut = cut_called(request.args.get("by")) or "state"
    then = cut_called(request.args.get("then"))
    then = None if then == by else then
    counts = CaseCounts()
    try:
        counts = wired().cases.count(CountQuestion(cases=asked.question, by=by, then=then))
    except InvalidRequest as error:
        form.refused(error)
    columns, rows = table(counts, by, then)
    shown = {
        **question_context(form, asked),
        "counts": counts,
        "columns": columns,
        "rows": rows,
        "by": by,
        "then": then,
        "cuts": CUTS,
        "cuts_within": CUTS_WITHIN,
        "shapes": SHAPES,
        "shape": form.choice("shape", SHAPES) or ("line" if by == "month" else "bar"),
        "whole_address": list_address(**NO_QUESTION),
        "is_new": not counts.total and has_no_case(),
    }
    return render_template("case_graph/graph.html", **shown)


def table(counts: CaseCounts, by: Cut, then: Cut | None) -> tuple[list[Column], list[Row]]:
    """The columns of the second cut (without one: none) and a row for each group."""
    parts = counts.groups[0].parts if counts.groups and then is not None else ()
    columns = [
        Column(group_name(then, part), colour(then, part.key, place))
        for place, part in enumerate(parts)
        if then is not None
    ]
    rest = any(group.count > sum(part.count for part in group.parts) for group in counts.groups)
    if columns and rest:
        columns.append(Column(gettext("Others"), "is-colour-rest"))
    rows = [
        Row(
            group_name(by, group),
            colour(by, group.key, place),
            _cells(group, by, then, rest),
            Cell(group.count, _address(by, group.key)),
        )
        for place, group in enumerate(counts.groups)
    ]
    if counts.others:
        unknown = [Cell(0, None)] * len(columns)
        rows.append(Row(gettext("Others"), "is-colour-rest", unknown, Cell(counts.others, None)))
    return columns, rows


def colour(cut: Cut | None, key: str, place: int) -> str:
    """A state has its own colour everywhere, all else one of COLOURS in turn."""
    if cut == "state" and key in STATE_COLOURS:
        return f"is-{key}"
    return f"is-colour-{place % COLOURS}"


def _cells(group: GroupCount, by: Cut, then: Cut | None, rest: bool) -> list[Cell]:
    if then is None:
        return []
    cells = [Cell(part.count, _address(by, group.key, then, part.key)) for part in group.parts]
    left = group.count - sum(part.count for part in group.parts)
    return [*cells, Cell(left, None)] if rest else cells


def _address(by: Cut, key: str, then: Cut | None = None, part: str = "") -> str:
    first = group_pairs(by, key)
    second = group_pairs(then, part) if then is not None else {}
    exact = [*_names(first.get("exact")), *_names(second.get("exact"))]
    changes = {**first, **second, **NO_QUESTION}
    if "exact" in changes:
        changes["exact"] = list(dict.fromkeys(exact))
    return list_address(**changes)


def _names(given: str | list[str] | None) -> list[str]:
    return given if isinstance(given, list) else []

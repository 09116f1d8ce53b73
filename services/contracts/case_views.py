"""What the views of a list ask of the cases service: the board, counts, groups, neighbours."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from services.contracts.case_commands import CaseQuestion
from services.contracts.cases import CaseSnapshot, State
from services.contracts.envelope import Part

MOST_COUNTED = 200_000  # a count looks at no more cases than this
MOST_FOUND_BY_WORDS = 20_000  # of those that a search finds
MOST_GROUPS = 100
MOST_PARTS = 20
MOST_OPENED = 20
OPENED_AT_FIRST = 3
Cut = Literal[
    "state",
    "section",
    "responsible",
    "kind",
    "category",
    "priority",
    "partner",
    "month",
]
_BY_NUMBER: dict[Cut, str] = {
    "section": "section_id",
    "category": "category_id",
    "partner": "partner_id",
}
_HOW = ("exact", "without")


class BoardQuestion(Part):
    """RPC `get_board`: the cases of a question in columns, one for each state.

    Of `cases` all counts but its cursor and limit. Columns of closed cases hold those that
    something happened to last, `closed` at most; the others `unclosed`, in the order asked for.
    """

    cases: CaseQuestion = CaseQuestion()
    unclosed: int = Field(default=50, ge=1, le=200)
    closed: int = Field(default=20, ge=1, le=200)


class BoardColumn(Part):
    """One state: how many cases there are, the first of them, and where they may go from here.

    A column that is not `asked` for is empty: the question wants other states.
    """

    state: State
    asked: bool = True
    count: int = 0
    items: tuple[CaseSnapshot, ...] = ()
    moves: tuple[State, ...] = ()


class Board(Part):
    """The answer to a BoardQuestion; `bounded`: there are more cases than were counted."""

    columns: tuple[BoardColumn, ...] = ()
    bounded: bool = False


class CountQuestion(Part):
    """RPC `count_cases`: how many cases of a question there are, by one thing or by two.

    `month` is that of the opening, in UTC, such as "2026-11". Sections and categories are
    counted each for itself, without those below. `total_only`: no groups, but the total of all
    cases however many there are, unless words are searched for.
    """

    cases: CaseQuestion = CaseQuestion()
    by: Cut = "state"
    then: Cut | None = None
    total_only: bool = False


class CaseCount(Part):
    """How many cases have this in common; `key` is a code or an id, "" for those without one."""

    key: str
    name: str = ""
    count: int


class GroupCount(CaseCount):
    """A group of cases, and what it is made of by the second thing, if one was asked for."""

    parts: tuple[CaseCount, ...] = ()


class CaseCounts(Part):
    """The answer to a CountQuestion.

    States, priorities and months stand in their order, all else by how many there are. Only
    the MOST_GROUPS largest groups are told; `others` are the cases of the `left_out` groups.
    Every group has the same parts in the same order, the MOST_PARTS largest of all.
    `bounded`: there are more cases than MOST_COUNTED (by words: MOST_FOUND_BY_WORDS), and
    only one more than that is counted.
    """

    groups: tuple[GroupCount, ...] = ()
    total: int = 0
    left_out: int = 0
    others: int = 0
    bounded: bool = False


class GroupQuestion(Part):
    """RPC `list_groups`: the groups of a question, and the first cases of those opened.

    `opened` are keys of groups, as CaseCount has them; each is answered with `first` cases.
    Without it the OPENED_AT_FIRST first groups are.
    """

    cases: CaseQuestion = CaseQuestion()
    by: Cut
    opened: tuple[str, ...] | None = Field(default=None, max_length=MOST_OPENED)
    first: int = Field(default=20, ge=1, le=200)


class OpenedGroup(Part):
    """The first cases of a group, and the cursor of those behind them."""

    key: str
    items: tuple[CaseSnapshot, ...] = ()
    next: str | None = None


class CaseGroups(Part):
    """The answer to a GroupQuestion."""

    counts: CaseCounts = CaseCounts()
    opened: tuple[OpenedGroup, ...] = ()


class Neighbours(Part):
    """The numbers of the cases before and behind one in a list; None at its ends.

    RPC `find_neighbours(question, number)`; the case itself need not be in the list any more.
    """

    previous: int | None = None
    next: int | None = None


def narrowed(question: CaseQuestion, by: Cut, key: str) -> CaseQuestion:
    """The same question, only for the cases of one group. Raises ValueError for no such key."""
    changes: dict[str, Any]
    if by in _BY_NUMBER:
        # Of nothing without it, and of nothing below it.
        held = {name: [one for one in getattr(question, name) if one != by] for name in _HOW}
        held["without" if key == "" else "exact"] += [by] if key == "" or by != "partner" else []
        changes = {_BY_NUMBER[by]: int(key) if key else None, **held}
    elif by == "responsible":
        changes = {"responsible_id": int(key) if key else None, "nobody": not key}
    elif by == "month":
        changes = {"created_month": key}
    else:
        changes = {by: (key,) if by == "state" else key}
    return CaseQuestion.model_validate({**question.model_dump(), **changes})

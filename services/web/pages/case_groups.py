"""The case list in groups: which are open, and where each leads."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from services.contracts.case_commands import CaseQuestion
from services.contracts.case_views import MOST_OPENED, CaseCounts, Cut, GroupQuestion, OpenedGroup
from services.web.pages.case_question import NONE, group_pairs, list_address
from services.web.pages.group_words import cut_called, group_name
from services.web.wiring import wired

NOTHING = "-"  # in the address, when every group is folded
SHOWN = 20  # cases of a group, until more are asked for


@dataclass(frozen=True)
class Group:
    """A group as the page shows it; `opened` holds its first cases when it is not folded.

    `toggle` opens or folds it, `alone` is the list of its cases only, `more` are the
    conditions under which the rows behind those shown are found.
    """

    id: str
    name: str
    count: int
    opened: OpenedGroup | None
    toggle: str
    alone: str
    more: str


def group_asked() -> Cut | None:
    """What the list is to be grouped by."""
    return cut_called(request.args.get("group"))


def groups_of(question: CaseQuestion, by: Cut) -> tuple[CaseCounts, list[Group]]:
    """The groups, those open with their first cases, by one question to the service.

    Raises InvalidRequest for too long a search.
    """
    given = request.args.getlist("open")
    keys = tuple("" if key == NONE else key for key in given if key != NOTHING)
    asked = GroupQuestion(
        cases=question.model_copy(update={"cursor": None}),
        by=by,
        opened=keys[:MOST_OPENED] if given else None,
        first=SHOWN,
    )
    found = wired().cases.list_groups(asked)
    opened = {group.key: group for group in found.opened}
    groups = []
    for group in found.counts.groups:
        mine = opened.get(group.key)
        alone = {**group_pairs(by, group.key), "group": None, "open": None, "cursor": None}
        groups.append(
            Group(
                id=f"group-{group.key or NONE}",
                name=group_name(by, group),
                count=group.count,
                opened=mine,
                toggle=list_address(cursor=None, open=_toggled(list(opened), group.key)),
                alone=list_address(**alone),
                more=list_address(**{**alone, "cursor": mine.next if mine else None}),
            )
        )
    return found.counts, groups


def _toggled(opened: list[str], key: str) -> list[str]:
    others = [one for one in opened if one != key]
    now = others if key in opened else [*opened, key]
    return [one or NONE for one in now] or [NOTHING]

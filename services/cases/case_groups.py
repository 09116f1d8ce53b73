"""A list in groups: how many cases each holds, and the first ones of those opened."""

from __future__ import annotations

from sqlalchemy import Connection

from services.cases.case_counts import count_cases
from services.cases.case_lists import list_cases
from services.contracts.case_views import (
    OPENED_AT_FIRST,
    CaseGroups,
    CountQuestion,
    GroupQuestion,
    OpenedGroup,
    narrowed,
)


def list_groups(connection: Connection, question: GroupQuestion) -> CaseGroups:
    """The groups; keys that are opened but of no group are left out.

    Raises InvalidRequest for too long a search.
    """
    counts = count_cases(connection, CountQuestion(cases=question.cases, by=question.by))
    keys = [group.key for group in counts.groups]
    if question.opened is None:
        keys = keys[:OPENED_AT_FIRST]
    else:
        keys = [key for key in keys if key in question.opened]
    opened = tuple(_opened(connection, question, key) for key in keys)
    return CaseGroups(counts=counts, opened=opened)


def _opened(connection: Connection, question: GroupQuestion, key: str) -> OpenedGroup:
    mine = narrowed(question.cases, question.by, key)
    mine = mine.model_copy(update={"cursor": None, "limit": question.first})
    return OpenedGroup.model_validate({"key": key, **list_cases(connection, mine)})

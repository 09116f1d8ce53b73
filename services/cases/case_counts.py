"""How many cases a question finds, by what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, get_args

from sqlalchemy import Connection, func, select

from services.cases.case_search import searched, with_words
from services.cases.group_names import names_of
from services.cases.lists_on_postgresql import plan_well
from services.cases.model.words import Phrase
from services.cases.tables import cases
from services.contracts.case_views import (
    MOST_COUNTED,
    MOST_FOUND_BY_WORDS,
    MOST_GROUPS,
    MOST_PARTS,
    CaseCount,
    CaseCounts,
    CountQuestion,
    Cut,
    GroupCount,
)
from services.contracts.cases import Priority, State

COLUMNS = {
    "state": cases.c.state,
    "section": cases.c.section_id,
    "responsible": cases.c.responsible_id,
    "kind": cases.c.kind,
    "category": cases.c.category_id,
    "priority": cases.c.priority,
    "partner": cases.c.partner_id,
    "month": cases.c.created_month,
}
IN_ORDER: dict[str, Sequence[str]] = {
    "state": get_args(State),
    "priority": get_args(Priority)[::-1],
}
Order = Callable[[tuple[str, int]], Any]


def count_cases(connection: Connection, question: CountQuestion) -> CaseCounts:
    """The groups of the question's cases. Raises InvalidRequest for too long a search."""
    counted, bounded = _counted(connection, question)
    groups: Counter[str] = Counter()
    every_part: Counter[str] = Counter()
    for (first, second), count in counted.items():
        groups[first] += count
        every_part[second] += count
    largest = dict(groups.most_common(MOST_GROUPS))
    names = names_of(connection, question.by, largest)
    parts = _parts(connection, question.then, every_part)
    told = tuple(
        GroupCount(key=key, name=names.get(key, ""), count=count, parts=_of(key, parts, counted))
        for key, count in sorted(largest.items(), key=_order(question.by))
    )
    return CaseCounts(
        groups=told,
        total=groups.total(),
        left_out=len(groups) - len(largest),
        others=groups.total() - sum(largest.values()),
        bounded=bounded,
    )


def _counted(
    connection: Connection, question: CountQuestion
) -> tuple[dict[tuple[str, str], int], bool]:
    """How many there are of each pair of keys, and whether there are more than were counted."""
    asked = searched(connection, question.cases)
    if asked is None:
        return {}, False
    if connection.dialect.name == "postgresql":
        plan_well(connection)
    phrases = asked[1]
    most = _most(question, phrases)
    found = with_words(connection, asked[0], phrases)
    first = COLUMNS[question.by].label("first")
    second = COLUMNS[question.then or question.by].label("second")
    every = select(first, second).select_from(found.tables)
    every = every.where(*found.conditions, *found.narrow)
    some = every.limit(None if most is None else most + 1).subquery("some")
    grouped = select(some.c.first, some.c.second, func.count().label("found"))
    rows = connection.execute(grouped.group_by(some.c.first, some.c.second)).all()
    counts = {(_key(row.first), _key(row.second)): int(row.found) for row in rows}
    return counts, most is not None and sum(counts.values()) > most


def _most(question: CountQuestion, phrases: Sequence[Phrase]) -> int | None:
    """How many cases are looked at; None: however many there are."""
    if phrases:
        return MOST_FOUND_BY_WORDS
    return None if question.exactly else MOST_COUNTED


def _parts(connection: Connection, then: Cut | None, every: Counter[str]) -> list[CaseCount]:
    """What all groups are made of, in order: the MOST_PARTS largest."""
    if then is None:
        return []
    largest = dict(every.most_common(MOST_PARTS))
    names = names_of(connection, then, largest)
    return [
        CaseCount(key=key, name=names.get(key, ""), count=count)
        for key, count in sorted(largest.items(), key=_order(then))
    ]


def _of(
    group: str, parts: Sequence[CaseCount], counted: dict[tuple[str, str], int]
) -> tuple[CaseCount, ...]:
    counts = (counted.get((group, part.key), 0) for part in parts)
    return tuple(
        part.model_copy(update={"count": count}) for part, count in zip(parts, counts, strict=True)
    )


def _key(value: Any) -> str:
    return "" if value is None else str(value)


def _order(cut: Cut) -> Order:
    """States, priorities and months as they follow each other, all else the largest first."""
    if cut in IN_ORDER:
        return lambda one: IN_ORDER[cut].index(one[0])
    if cut == "month":
        return lambda one: one[0]
    return lambda one: (-one[1], one[0])

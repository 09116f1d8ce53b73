"""How many cases a question finds, by what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, get_args

from sqlalchemy import Connection, func, select

from services.cases.case_conditions import Wanted
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
    if question.total_only:
        return _total(connection, question)
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


def _total(connection: Connection, question: CountQuestion) -> CaseCounts:
    """Of all cases; to count them by nothing takes a fraction of the time."""
    asked = _found(connection, question)
    if asked is None:
        return CaseCounts()
    found, phrases = asked
    most = MOST_FOUND_BY_WORDS if phrases else None
    rows = select(cases.c.number).select_from(found.tables)
    rows = rows.where(*found.conditions, *found.narrow)
    if most is not None:
        rows = rows.limit(most + 1)
    total = connection.scalar(select(func.count()).select_from(rows.subquery("every"))) or 0
    return CaseCounts(total=total, bounded=most is not None and total > most)


def _counted(
    connection: Connection, question: CountQuestion
) -> tuple[dict[tuple[str, str], int], bool]:
    """How many there are of each pair of keys, and whether there are more than were counted."""
    asked = _found(connection, question)
    if asked is None:
        return {}, False
    found, phrases = asked
    most = MOST_FOUND_BY_WORDS if phrases else MOST_COUNTED
    first = COLUMNS[question.by].label("first")
    second = COLUMNS[question.then or question.by].label("second")
    every = select(first, second).select_from(found.tables)
    every = every.where(*found.conditions, *found.narrow)
    some = every.limit(most + 1).subquery("some")
    grouped = select(some.c.first, some.c.second, func.count().label("found"))
    rows = connection.execute(grouped.group_by(some.c.first, some.c.second)).all()
    counts = {(_key(row.first), _key(row.second)): int(row.found) for row in rows}
    return counts, sum(counts.values()) > most


def _found(
    connection: Connection, question: CountQuestion
) -> tuple[Wanted, tuple[Phrase, ...]] | None:
    """Where the question's cases are found, and the words they are found by; None: nowhere."""
    asked = searched(connection, question.cases)
    if asked is None:
        return None
    if connection.dialect.name == "postgresql":
        plan_well(connection)
    wanted, phrases = asked
    return with_words(connection, wanted, phrases), phrases


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

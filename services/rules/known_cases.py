"""All SQL about cases as last heard of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection, select

from services.contracts.cases import CaseSnapshot, State
from services.rules import tables
from services.rules.model.transition import CameFrom, KnownCase
from services.rules.model.waiting import Heard
from services.runtime.upsert import upsert


def heard_of(connection: Connection, numbers: Sequence[int]) -> dict[int, Heard]:
    """What was heard of these cases; their rows are locked where the database can."""
    t = tables.known_cases
    question = (
        select(t.c.case_number, t.c.version, t.c.came_from, t.c.state_since)
        .where(t.c.case_number.in_(numbers))
        .order_by(t.c.case_number)
        .with_for_update()
    )
    return {row[0]: Heard(*row[1:]) for row in connection.execute(question)}


def remember(connection: Connection, cases: Sequence[KnownCase]) -> set[int]:
    """Keep these cases, unless another process knows later ones; the numbers of those kept."""
    if not cases:
        return set()
    t = tables.known_cases
    statement = upsert(connection, t)
    names = ("version", "state", "came_from", "state_since", "snapshot")
    statement = statement.on_conflict_do_update(
        index_elements=["case_number"],
        set_={name: statement.excluded[name] for name in names},
        where=t.c.version <= statement.excluded.version,
    ).returning(t.c.case_number)
    # In one order, so that two processes never wait for each other crosswise.
    ordered = sorted(cases, key=lambda known: known.case.number)
    return set(connection.scalars(statement, [_known_row(known) for known in ordered]))


def cases(connection: Connection, numbers: Sequence[int]) -> dict[int, KnownCase]:
    """These cases as last heard of; their rows are locked where the database can."""
    t = tables.known_cases
    question = (
        select(t.c.came_from, t.c.snapshot)
        .where(t.c.case_number.in_(numbers))
        .order_by(t.c.case_number)
        .with_for_update()
    )
    found = [_known(row.came_from, row.snapshot) for row in connection.execute(question)]
    return {one.case.number: one for one in found}


def cases_in(
    connection: Connection, states: Sequence[State], after: int, limit: int
) -> list[KnownCase]:
    """The known cases in these states behind a number, by number."""
    t = tables.known_cases
    question = (
        select(t.c.came_from, t.c.snapshot)
        .where(t.c.state.in_(states), t.c.case_number > after)
        .order_by(t.c.case_number)
        .limit(limit)
        .with_for_update()
    )
    return [_known(row.came_from, row.snapshot) for row in connection.execute(question)]


def _known(came_from: str, snapshot: str) -> KnownCase:
    return KnownCase(CaseSnapshot.model_validate_json(snapshot), cast(CameFrom, came_from))


def _known_row(known: KnownCase) -> dict[str, Any]:
    case = known.case
    return {
        "case_number": case.number,
        "version": case.version,
        "state": case.state,
        "came_from": known.came_from,
        "state_since": case.state_since,
        "snapshot": case.model_dump_json(),
    }

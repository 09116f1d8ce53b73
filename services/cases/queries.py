"""All SQL that only reads, for callers of the service."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, or_, select

from services.cases import (
    directory,
    links,
    meetings,
    moving,
    partner_cases,
    quality_actions,
    store,
)
from services.cases.model.meetings_of import slots
from services.cases.model.states import MOVES
from services.cases.sight import may_see, seen_by
from services.cases.tables import cases, history, partner_contacts, partners
from services.contracts.case_commands import (
    CaseLink,
    CaseView,
    ComingMeeting,
    DiscussionEntry,
    HistoryEntry,
)
from services.contracts.cases import CLOSED, CaseSnapshot
from services.contracts.directory import Partner
from services.contracts.errors import InvalidRequest, NotFound
from services.runtime.clock import now

MOST_COMING = 12
LOOKS_AHEAD = timedelta(days=3 * 366)


def view(connection: Connection, number: int, asker_id: int | None = None) -> CaseView:
    """A case with its discussion and history.

    Raises NotFound, also for a case that the user `asker_id` may not see.
    """
    t = cases
    row = connection.execute(
        select(t.c.snapshot, t.c.description).where(t.c.number == number)
    ).first()
    case = None if row is None else CaseSnapshot.model_validate(row.snapshot)
    if row is None or case is None or not may_see(connection, asker_id, case):
        raise NotFound("case", number)
    merged = moving.merged_into(connection, number)
    entries = (DiscussionEntry.model_validate(r) for r in store.discussion(connection, number))
    return CaseView(
        **dict(case),
        description=row.description,
        messages=tuple(entries),
        history=tuple(_history(connection, number, merged)),
        moves=() if case.merged_into else MOVES[case.state],
        links=_links(connection, number, asker_id),
        partner_cases=partner_cases.beside(connection, case, asker_id),
        quality_actions=quality_actions.actions_of(connection, number),
        merged=merged,
        coming=_coming(case),
        is_of_others=meetings.of_case(connection, number, ours=False) is not None,
    )


def _coming(case: CaseSnapshot) -> tuple[ComingMeeting, ...]:
    """The next meetings of a series, those that go on now among them."""
    if not case.recurrence or case.start is None or case.state in CLOSED:
        return ()
    begin = max(now(), case.start - timedelta(days=1))
    found = slots(case, begin, begin + LOOKS_AHEAD)[:MOST_COMING]
    return tuple(
        ComingMeeting(start=one.start, end=one.end, original=one.original, moved=one.moved)
        for one in found
    )


def _links(connection: Connection, number: int, asker_id: int | None) -> tuple[CaseLink, ...]:
    """The links of a case; of a case that he may not see the user gets the number alone."""
    found = links.links_of(connection, number)
    seen = seen_by(connection, asker_id)
    if seen is None or not found:
        return found
    numbers = cases.c.number.in_([one.number for one in found])
    known = set(connection.scalars(select(cases.c.number).where(numbers, seen)))
    return tuple(
        one if one.number in known else one.model_copy(update={"subject": ""}) for one in found
    )


def list_partners(
    connection: Connection, q: str | None, cursor: str | None, limit: int
) -> dict[str, Any]:
    """A page of partners by number; `q` is looked for in names and addresses of contacts."""
    t = partners
    statement = select(t.c.id)
    if q:
        pattern = f"%{_escaped(q)}%"
        by_address = select(partner_contacts.c.partner_id).where(
            partner_contacts.c.address.ilike(pattern, escape="\\")
        )
        found = or_(t.c.name.ilike(pattern, escape="\\"), t.c.id.in_(by_address))
        statement = statement.where(found)
    if cursor is not None:
        statement = statement.where(t.c.id > _cursor(cursor))
    ids = list(connection.scalars(statement.order_by(t.c.id).limit(limit + 1)))
    shown = ids[:limit]
    items = [directory.get(connection, Partner, id).model_dump(mode="json") for id in shown]
    return {"items": items, "next": str(shown[-1]) if len(ids) > len(shown) else None}


def _history(connection: Connection, number: int, merged: tuple[int, ...]) -> list[HistoryEntry]:
    """What happened to the case, and among it what happened to those merged into it."""
    t = history
    question = select(t).where(t.c.case_number.in_((number, *merged)))
    order = (t.c.at, t.c.event_id) if merged else (t.c.version,)
    rows = connection.execute(question.order_by(*order)).mappings()
    return [HistoryEntry.model_validate(_from_other(dict(row), number)) for row in rows]


def _from_other(row: dict[str, Any], number: int) -> dict[str, Any]:
    """An entry of the case's own names no case."""
    return {**row, "case_number": None} if row["case_number"] == number else row


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _cursor(text: str) -> int:
    # No more digits than an id of the database has: what it cannot compare with, it breaks on.
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise InvalidRequest("cursor", "give the `next` of the page before, as it was")
    return int(text)

"""The meetings that a calendar shows: SQL finds the cases, their series are laid out here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from services.cases.case_conditions import wanted
from services.cases.lists_on_postgresql import plan_well
from services.cases.model.meetings_of import slots
from services.cases.model.span import LONG_SPAN, SHORT, SHORT_SPAN
from services.cases.model.words import Phrase, asked
from services.cases.search import on_postgresql, on_sqlite
from services.cases.tables import cases
from services.contracts.calendar import LONGEST_WINDOW_DAYS, MOST_EVENTS, CalendarQuestion
from services.contracts.cases import CaseSnapshot
from services.contracts.errors import InvalidRequest

Json = dict[str, Any]
TAKEN_OVER = (
    *("number", "version", "subject", "kind", "state", "priority", "all_day"),
    *("responsible", "section", "partner", "contact"),
)


def list_events(connection: Connection, question: CalendarQuestion) -> Json:
    """The answer to the question, as CalendarEvents in JSON.

    Raises InvalidRequest for a window that is empty or too long.
    """
    _check(question)
    q = question.cases.q or ""
    phrases = asked(q)
    if q.strip() and not phrases:
        return {"items": [], "more": False}
    if connection.dialect.name == "postgresql":
        plan_well(connection)
    rows = _rows(connection, question, phrases)
    found = [event for row in rows for event in _events(row.snapshot, question)]
    found.sort(key=lambda event: (event["start"], event["number"]))
    return {"items": found[:MOST_EVENTS], "more": len(found) > MOST_EVENTS}


def _check(question: CalendarQuestion) -> None:
    if question.end <= question.begin:
        raise InvalidRequest("end", "give an end that is behind the begin")
    if question.end - question.begin > timedelta(days=LONGEST_WINDOW_DAYS):
        raise InvalidRequest("end", f"ask for at most {LONGEST_WINDOW_DAYS} days at once")


def _rows(
    connection: Connection, question: CalendarQuestion, phrases: Sequence[Phrase]
) -> Iterator[Row[Any]]:
    """Short ones by their begin, then the long ones and the series; one more than are shown."""
    found = wanted(connection, question.cases, None)
    tables = found.tables
    conditions = [*found.conditions, *found.narrow]
    if question.responsible_ids:
        conditions.append(cases.c.responsible_id.in_(question.responsible_ids))
    if phrases:
        engine = on_sqlite if connection.dialect.name == "sqlite" else on_postgresql
        number = engine.TABLE.c.rowid if engine is on_sqlite else engine.TABLE.c.number
        tables = tables.join(engine.TABLE, number == cases.c.number)
        conditions.append(engine.matches(phrases))
    for span in _spans(question.begin, question.end):
        statement = select(cases.c.snapshot).select_from(tables).where(span, *conditions)
        yield from connection.execute(statement.order_by(cases.c.start_at).limit(MOST_EVENTS + 1))


def _spans(begin: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    t = cases.c
    touching = and_(t.start_at < end, or_(t.end_at > begin, t.start_at >= begin))
    return (
        and_(t.span == SHORT_SPAN, t.start_at >= begin - SHORT, touching),
        and_(t.span == LONG_SPAN, touching),
    )


def _events(snapshot: Json, question: CalendarQuestion) -> Iterator[Json]:
    """The meetings of one case. Few have a series, so only those are read as what they are."""
    shown = {name: snapshot[name] for name in TAKEN_OVER if snapshot.get(name) is not None}
    if not snapshot.get("recurrence"):
        if snapshot.get("attendees"):
            shown["attendees"] = snapshot["attendees"]
        start, end = _begin_and_end(snapshot["start"], snapshot.get("duration_minutes") or 0)
        yield {**shown, "start": start, "end": end}
        return
    case = CaseSnapshot.model_validate(snapshot)
    for slot in slots(case, question.begin, question.end):
        yield {
            **shown,
            "start": _text(slot.start),
            "end": _text(slot.end),
            "recurrence": case.recurrence,
            "original": _text(slot.original),
            "moved": slot.moved,
            "attendees": snapshot.get("attendees") or (),
        }


@lru_cache(MOST_EVENTS)
def _begin_and_end(start: str, minutes: int) -> tuple[str, str]:
    """Of many meetings at the same hour it is worked out once."""
    begin = datetime.fromisoformat(start)
    return _text(begin), _text(begin + timedelta(minutes=minutes))


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

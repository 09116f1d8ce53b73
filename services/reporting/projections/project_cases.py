"""Case events become facts.

How a case stands is what its newest event says. What happened to it is counted, event by event:
such counts come out the same in whatever order the events come, and each event counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from services.contracts.cases import CLOSED, CaseEvent, CaseSnapshot, State
from services.contracts.envelope import Envelope
from services.reporting.model.counted import Counted
from services.reporting.model.custom_text import texts_of
from services.reporting.model.money import to_units
from services.reporting.model.months import month_of
from services.reporting.model.steps import step_of

Row = dict[str, Any]

MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00Z")
# The moments at which the case left a state, less those at which it came into it: the time that
# it was there, once it has left.
WAITS: tuple[State, ...] = ("draft", "open", "pending")
COUNTED = {
    "version": 0,
    "counted_upto": 0,
    "counted_beyond": [],
    "closings": 0,
    "reopenings": 0,
    "messages_in": 0,
    "messages_out": 0,
    **{f"left_{state}": 0 for state in WAITS},
}


def facts_of(messages: Iterable[Envelope], known: Mapping[int, Row]) -> list[Row]:
    """The new row of `facts` of each case among these events, by number.

    `known` are the rows as they are, by number. Raises AmountTooLarge.
    """
    by_case: dict[int, dict[int, CaseEvent]] = {}
    for message in messages:
        if isinstance(message, CaseEvent):
            by_case.setdefault(message.case_id, {})[message.version] = message
    rows = (_row(known.get(number), by_case[number]) for number in sorted(by_case))
    return [row for row in rows if row is not None]


def _row(before: Row | None, events: Mapping[int, CaseEvent]) -> Row | None:
    """The row with these events in it, None where all of them were."""
    row = dict(before or COUNTED)
    counted = Counted(row["counted_upto"], frozenset(row["counted_beyond"]))
    fresh = [events[version] for version in sorted(events) if version not in counted]
    if not fresh:
        return None
    for event in fresh:
        _count(row, event)
    counted = counted.and_(event.version for event in fresh)
    row |= {"counted_upto": counted.upto, "counted_beyond": sorted(counted.beyond)}
    if fresh[-1].version > row["version"]:
        row |= _as_it_stands(fresh[-1].data.case)
    return row | _worked_out(row, counted)


def _count(row: Row, event: CaseEvent) -> None:
    data, moment = event.data, (event.occurred_at - EPOCH) // MILLISECOND
    before, state = data.state_before, data.case.state
    if before != state:
        row["closings"] += before not in CLOSED and state in CLOSED
        row["reopenings"] += before in CLOSED and state not in CLOSED
        if before in WAITS:
            row[f"left_{before}"] += moment
        if state in WAITS:
            row[f"left_{state}"] -= moment
    if data.message is not None:
        row["messages_in"] += data.message.direction == "in"
        row["messages_out"] += data.message.direction == "out"


def _as_it_stands(case: CaseSnapshot) -> Row:
    """What the newest version of a case says by itself. Raises AmountTooLarge."""
    closed_at = case.closed_at if case.state in CLOSED else None
    delay = _milliseconds(case.created_at, closed_at)
    responded = _milliseconds(case.created_at, case.responded_at)
    kept = _kept(closed_at, case.deadline)
    response_kept = _kept(case.responded_at, case.response_deadline)
    return {
        "number": case.number,
        "version": case.version,
        "state": case.state,
        "kind": case.kind,
        "section_id": case.section.id if case.section else None,
        "category_id": case.category.id if case.category else None,
        "responsible_id": case.responsible.id if case.responsible else None,
        "partner_id": case.partner.id if case.partner else None,
        "partner_categories": sorted(set(case.partner_categories)),
        "priority": case.priority,
        "merged": int(case.merged_into is not None),
        "currency": case.currency,
        "revenue_units": to_units(case.estimated_revenue),
        "cost_units": to_units(case.estimated_cost),
        "probability": case.probability,
        "created_at": case.created_at,
        "created_seconds": (case.created_at - EPOCH) // timedelta(seconds=1),
        "created_month": month_of(case.created_at),
        "closed_at": closed_at,
        "closed": int(case.state in CLOSED),
        "milliseconds_to_close": delay,
        "delay_step": None if delay is None else step_of(delay),
        "responded": int(responded is not None),
        "milliseconds_to_respond": responded,
        "closed_with_deadline": int(kept is not None),
        "within_deadline": int(kept or False),
        "responded_with_deadline": int(response_kept is not None),
        "within_response_deadline": int(response_kept or False),
        "custom": texts_of(case.custom),
    }


def _worked_out(row: Row, counted: Counted) -> Row:
    """What follows from the counts. A case with a gap in its events has no times in states yet."""
    whole = bool(row["closed"]) and not counted.beyond
    return {
        "events": len(counted),
        "ever_closed": int(row["closings"] > 0),
        "reopened": int(row["reopenings"] > 0),
        "lived_through": int(whole),
        **{f"milliseconds_{state}": row[f"left_{state}"] if whole else 0 for state in WAITS},
    }


def _milliseconds(begin: datetime, end: datetime | None) -> int | None:
    return None if end is None else (end - begin) // MILLISECOND


def _kept(done_at: datetime | None, deadline: datetime | None) -> bool | None:
    """Whether a deadline was kept; None where there is none, or nothing done yet."""
    return None if done_at is None or deadline is None else done_at <= deadline

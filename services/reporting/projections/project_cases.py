"""Case events become facts: the newest version of a case is the whole of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from services.contracts.cases import CLOSED, CaseEvent, CaseSnapshot
from services.contracts.envelope import Envelope
from services.reporting.model.custom_text import texts_of
from services.reporting.model.money import to_units

Row = dict[str, Any]


def facts_of(messages: Iterable[Envelope]) -> list[Row]:
    """One row of `facts` for each case among these events, by number.

    Raises AmountTooLarge.
    """
    newest: dict[int, CaseSnapshot] = {}
    for message in messages:
        if isinstance(message, CaseEvent):
            case = message.data.case
            known = newest.get(case.number)
            if known is None or known.version < case.version:
                newest[case.number] = case
    return [fact_of(newest[number]) for number in sorted(newest)]


def fact_of(case: CaseSnapshot) -> Row:
    """The row of `facts` for a case as it stands. Raises AmountTooLarge."""
    closed_at = case.closed_at if case.state in CLOSED else None
    delay = (closed_at - case.created_at) // timedelta(milliseconds=1) if closed_at else None
    return {
        "number": case.number,
        "version": case.version,
        "state": case.state,
        "kind": case.kind,
        "section_id": case.section.id if case.section else None,
        "category_id": case.category.id if case.category else None,
        "responsible_id": case.responsible.id if case.responsible else None,
        "partner_id": case.partner.id if case.partner else None,
        "priority": case.priority,
        "currency": case.currency,
        "revenue_units": to_units(case.estimated_revenue),
        "cost_units": to_units(case.estimated_cost),
        "probability": case.probability,
        "created_at": case.created_at,
        "closed_at": closed_at,
        "milliseconds_to_close": delay,
        "custom": texts_of(case.custom),
    }

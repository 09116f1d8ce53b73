"""From the events on the bus to deliveries that wait: each once, whoever reads it."""

from __future__ import annotations

from typing import Any

from services.contracts.cases import CaseEvent
from services.contracts.envelope import Envelope
from services.messaging.inbox import Inbox
from services.messaging.transaction import Failure
from services.runtime.clock import now
from services.runtime.database import Database
from services.web.tables import inbox
from services.web.webhooks.deliveries import order
from services.web.webhooks.happened import body_of
from services.web.webhooks.matching import wanting
from services.web.webhooks.store import Webhook, list_webhooks


def take_in(database: Database, messages: list[Envelope]) -> list[Failure]:
    """Have each webhook told that wants to; an event that nobody wants leaves no trace.

    Marks and deliveries are one commit: an event that comes once more is known.
    """
    events = [one for one in messages if isinstance(one, CaseEvent)]
    with database.read() as connection:
        webhooks = list_webhooks(connection)
    wanted = {one.id: one for one in events if wanting(webhooks, one)}
    if not wanted:
        return []
    marks = Inbox(inbox)
    with database.write() as connection:
        known = marks.known(connection, list(wanted))
        fresh = [one for one in wanted.values() if one.id not in known]
        webhooks = list_webhooks(connection)  # none may have been deleted meanwhile
        rows = [row for event in fresh for row in _rows(webhooks, event)]
        if rows:
            order(connection, rows, now())
        if fresh:
            marks.mark(connection, [event.id for event in fresh])
    return []


def _rows(webhooks: list[Webhook], event: CaseEvent) -> list[dict[str, Any]]:
    told = wanting(webhooks, event)
    if not told:
        return []
    body = body_of(event)
    row = {
        "message_id": event.id,
        "type": event.type,
        "case_number": event.data.case.number,
        "body": body,
    }
    return [{"webhook_id": one.id, **row} for one in told]
